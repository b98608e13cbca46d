import { initializeLogger, loggerOptions } from "@livekit/agents";
import { type Logger, serviceLogger } from "@trunkline/shared";
import { currentCall } from "../host/call-scope.ts";
import { harmlessError, harmlessText } from "./harmless.ts";

/** Where `@livekit/agents` 1.9.0 (log_core.ts) keeps the logger of all its copies in a process. */
const LOGGER = Symbol.for("@livekit/agents:logger");
const PART = "livekit-agents";
/** Text that names a part, and is not of the conversation. */
const NAMES = new Set(["function", "tool", "speech_id", "model", "label", "stt", "tts", "llm", "source", "eventId"]);

/**
 * The framework's log as lines of ours: each with its call's id; none with anything that was said, nor with what a tool was given, at any
 * level. The framework marks such fields (`lk.pii.…`), but not all: only numbers, yes and no, and names of parts are kept of them.
 */
export function useFrameworkLog(level = process.env.LOG_LEVEL ?? "warn"): void {
  if (loggerOptions() !== undefined) return;
  initializeLogger({ pretty: false, level });
  Reflect.set(globalThis, LOGGER, frameworkLog(level));
}

/** @param to as of `serviceLogger`. */
export function frameworkLog(level: string, to?: Parameters<typeof serviceLogger>[1]): Logger {
  const log = serviceLogger("agent", to, {
    mixin: () => ({ part: PART, pid: process.pid, callId: currentCall()?.callId }),
    serializers: { err: (error: unknown) => error }, // made harmless below
    hooks: {
      logMethod([first, second], method) {
        const text = typeof first === "string" ? first : typeof second === "string" ? second : "";
        method.call(this, harmlessFields(first), harmlessText(text));
      },
    },
  });
  log.level = level;
  log.child = () => log as never; // what a part binds to its lines may be private, too
  return log;
}

function harmlessFields(given: unknown): object {
  if (given instanceof Error) return { err: harmlessError(given) };
  if (typeof given !== "object" || given === null) return {};
  const { error, err = error, ...others } = given as Record<string, unknown>;
  const kept = Object.entries(others).filter(([name, value]) => isHarmless(name, value));
  return { ...Object.fromEntries(kept), ...(err !== undefined && { err: harmlessError(err) }) };
}

function isHarmless(name: string, value: unknown): boolean {
  if (name.split(".").includes("pii")) return false;
  return typeof value === "number" || typeof value === "boolean" || (typeof value === "string" && NAMES.has(name));
}
