import { excessOf, LIMITS } from "@trunkline/contract";
import { type CallContext, callContextSchema, callIdOfRoom } from "@trunkline/shared";

/** A job's call, and what was wrong with its metadata (empty: nothing). */
export interface JobCall {
  call: CallContext;
  problems: string[];
}

/**
 * Reads the call out of a job's metadata (JSON). A caller is never left alone because of unreadable metadata: what is
 * missing is taken from the room's name, and the flow is then `callback`, whose later greeting is heard in both flows.
 */
export function readJobMetadata(metadata: string, room: string): JobCall {
  const value = parseJson(metadata);
  const tooMuch = excessOf(value, LIMITS.call).map(({ path, problem }) => ({ path: [path], message: problem }));
  const result = tooMuch.length > 0 ? undefined : callContextSchema.safeParse(value);
  if (result?.success) return { call: result.data, problems: [] };
  const issues = result?.error.issues ?? tooMuch;
  const problems = issues.map((issue) => `${issue.path.join(".") || "metadata"}: ${issue.message}`);
  return { call: contextOfRoom(room), problems };
}

function contextOfRoom(room: string): CallContext {
  return { callId: callIdOfRoom(room) ?? room, flow: "callback", caller: "unknown", called: "unknown", headers: {} };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
