import { z } from "zod";
import { httpUrl, whole } from "../../fields.ts";

const LONGEST_PAUSE_MS = 5_000;
const TURN_DETECTIONS = ["stt", "vad", "model"] as const;

/** The environment variables of the conversations with a model; docs/AGENT.md explains each. */
export const modelFields = {
  OPENAI_API_KEY: z.string().optional(),
  OPENAI_BASE_URL: httpUrl.optional(),
  AZURE_OPENAI_ENDPOINT: httpUrl.optional(),
  AZURE_OPENAI_API_KEY: z.string().optional(),
  AZURE_OPENAI_DEPLOYMENT: z.string().optional(),
  AGENT_REALTIME_MODEL: z.string().min(1, "is empty").default("gpt-realtime"),
  LIVEKIT_INFERENCE_API_KEY: z.string().optional(),
  LIVEKIT_INFERENCE_API_SECRET: z.string().optional(),
  LIVEKIT_INFERENCE_URL: httpUrl.optional(),
  AGENT_STT: models("deepgram/nova-3"),
  AGENT_LLM: models("openai/gpt-4.1-mini"),
  AGENT_TTS: models("cartesia/sonic-3"),
  AGENT_TURN_DETECTION: z.enum(TURN_DETECTIONS, `must be one of: ${TURN_DETECTIONS.join(", ")}`).default("stt"),
  AGENT_ENDPOINTING_MS: whole(0, LONGEST_PAUSE_MS).optional(),
};
type ModelFields = z.infer<z.ZodObject<typeof modelFields>>;

/** OpenAI's realtime model, at OpenAI, or at Azure. */
export interface RealtimeSettings {
  model: string;
  apiKey: string;
  /** OPENAI_BASE_URL; default OpenAI's own. */
  baseUrl?: string;
  azure?: { endpoint: string; deployment: string };
  /** Default: the model decides by what was said (`semantic_vad`). */
  endpointingMs?: number;
}

/** A model, and those that take its place when it fails, in their order. */
type Models = readonly [string, ...string[]];

/** Models of LiveKit's inference, `provider/model`. */
export interface PipelineSettings {
  stt: Models;
  llm: Models;
  tts: Models;
  /** What tells that the caller has finished: the recognizer, silence after a voice, or a model that hears how a sentence ends. */
  turnDetection: (typeof TURN_DETECTIONS)[number];
  apiKey: string;
  apiSecret: string;
  /** LIVEKIT_INFERENCE_URL; default LiveKit's own. */
  baseUrl?: string;
  endpointingMs: number;
}

/**
 * After the recognizer's end of an utterance. Measured from the caller's last sound to the agent's first, with the sandbox's models, of whose time
 * 0.5 s is their own: 100 ms give 0.9 to 1.0 s, the framework's 500 ms 1.36 to 1.41 s.
 */
const ENDPOINTING_MS = 100;

/** What a conversation cannot do without: told at the start, never in a call. */
export function neededBy(name: "echo" | "realtime" | "pipeline", found: ModelFields): (keyof ModelFields)[] {
  if (name === "echo") return [];
  if (name === "pipeline") return ["LIVEKIT_INFERENCE_API_KEY", "LIVEKIT_INFERENCE_API_SECRET"];
  return found.AZURE_OPENAI_ENDPOINT ? ["AZURE_OPENAI_API_KEY", "AZURE_OPENAI_DEPLOYMENT"] : ["OPENAI_API_KEY"];
}

export function realtimeSettings(found: ModelFields): RealtimeSettings {
  const { AZURE_OPENAI_ENDPOINT: endpoint, AZURE_OPENAI_DEPLOYMENT: deployment = "" } = found;
  const { OPENAI_BASE_URL: baseUrl, AGENT_ENDPOINTING_MS: endpointingMs } = found;
  const apiKey = endpoint ? found.AZURE_OPENAI_API_KEY : found.OPENAI_API_KEY;
  return {
    model: found.AGENT_REALTIME_MODEL,
    apiKey: apiKey ?? "",
    ...(endpoint ? { azure: { endpoint, deployment } } : baseUrl !== undefined && { baseUrl }),
    ...(endpointingMs !== undefined && { endpointingMs }),
  };
}

export function pipelineSettings(found: ModelFields): PipelineSettings {
  const { AGENT_STT: stt, AGENT_LLM: llm, AGENT_TTS: tts, LIVEKIT_INFERENCE_URL: baseUrl } = found;
  const { LIVEKIT_INFERENCE_API_KEY: apiKey = "", LIVEKIT_INFERENCE_API_SECRET: apiSecret = "" } = found;
  const endpointingMs = found.AGENT_ENDPOINTING_MS ?? ENDPOINTING_MS;
  const turnDetection = found.AGENT_TURN_DETECTION;
  return { stt, llm, tts, turnDetection, apiKey, apiSecret, endpointingMs, ...(baseUrl !== undefined && { baseUrl }) };
}

/** `provider/model`, or several of them, comma-separated. */
function models(preset: string) {
  return z
    .string()
    .default(preset)
    .transform((list) => list.split(",").map((name) => name.trim()))
    .refine((names): names is [string, ...string[]] => names.every((name) => name !== ""), "has an empty name in it");
}
