import { inference } from "@livekit/agents";
import type { PipelineSettings } from "./settings.ts";

export interface Turns {
  vad: inference.VAD | null;
  turnDetection: "stt" | "vad" | inference.TurnDetector;
}

/**
 * What tells that a caller has finished, made anew for each call. `vad` and `model` listen in the agent's own process, with
 * `@livekit/local-inference`: a voice activity detector, and a model of some 108 MB that hears by how a sentence ends whether more is to come.
 */
export async function loadTurns(wanted: PipelineSettings["turnDetection"]): Promise<() => Turns> {
  if (wanted === "stt") return () => ({ vad: null, turnDetection: "stt" });
  const { default: local } = await import("@livekit/local-inference"); // CommonJS: not all of its names are seen from a module
  local.initVad();
  if (wanted === "vad") return () => ({ vad: new inference.VAD(), turnDetection: "vad" });
  local.initEot();
  return () => ({ vad: new inference.VAD(), turnDetection: detector(local.predict) });
}

/** The framework runs the model in its worker's process for inference, which a host of ours does not have: 10 ms on a thread of its own. */
function detector(predict: (pcm: Int16Array) => Promise<number>): inference.TurnDetector {
  const doInference = async (_method: string, { pcm }: { pcm: string }) => {
    const startedAt = performance.now();
    const bytes = Buffer.from(pcm, "base64");
    const samples = new Int16Array(bytes.buffer, bytes.byteOffset, Math.floor(bytes.byteLength / 2));
    return { probability: await predict(samples), inferenceDurationMs: performance.now() - startedAt };
  };
  return new inference.TurnDetector({ version: "v1-mini", executor: { doInference } });
}
