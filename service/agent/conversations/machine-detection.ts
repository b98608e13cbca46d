import { voice } from "@livekit/agents";
import type { LiveCall } from "./conversation.ts";

/**
 * Finds out by what a caller says first whether that is a machine (a voicemail's greeting, an announcement, a menu), with the session's own
 * models, and ends the call if it is. Until it knows, at most 20 s, the session answers nothing: begin after the greeting.
 * What was said is not logged.
 */
export async function endIfMachine(session: voice.AgentSession, { caller, end, log }: LiveCall): Promise<void> {
  const detection = new voice.AMD(session, {
    llm: null,
    stt: null,
    participantIdentity: caller.identity,
    suppressCompatibilityWarning: true,
    waitUntilFinished: false,
  });
  const stop = () => void detection.aclose();
  end.signal.addEventListener("abort", stop, { once: true });
  try {
    const { category, isMachine, speechDurationMs, delayMs } = await detection.execute();
    log.info({ event: "caller.kind", category, speechDurationMs, delayMs }, "Who the caller seems to be");
    if (isMachine) end.end("caller_is_machine");
  } catch (error) {
    if (!end.signal.aborted)
      log.warn({ event: "caller.kind", err: error }, "Whether the caller is a machine is unknown");
  } finally {
    end.signal.removeEventListener("abort", stop);
    await detection.aclose();
  }
}
