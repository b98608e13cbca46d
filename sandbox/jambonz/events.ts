/** What the feature server tells whoever watches the sandbox. `leg.*` are LiveKit's legs, `call.*` the callers'. */
export type JambonzEventType =
  | "call.invite"
  | "call.answered"
  | "call.ended"
  | "call.failed"
  | "call.moved"
  | "leg.invite"
  | "leg.authenticated"
  | "leg.answered"
  | "leg.ended"
  | "leg.failed"
  | "legs.joined"
  | "hook.sent"
  | "hook.answered"
  | "verb.started";

export interface JambonzEvent {
  type: JambonzEventType;
  /** Epoch ms. */
  at: number;
  callSid: string;
  /** Call-ID of the leg at the edge. */
  sipCallId: string;
  [detail: string]: unknown;
}

export type Report = (event: JambonzEvent) => void;
