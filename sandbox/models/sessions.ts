import type { ServiceName } from "./fault.ts";

/** What a stand-in saw of one connection (or, of the language model, of one request). */
export interface SeenSession {
  service: ServiceName;
  openedAt: number;
  closedAt?: number;
  /** What the client has asked for: the session's settings, merged; of the language model the request. */
  settings: Record<string, unknown>;
  /** The utterances that were heard, in tones. */
  heardHz: number[];
  /** What the model was given to answer, and what it said, in their order. */
  texts: { who: "caller" | "instructions" | "tool" | "model"; text: string }[];
}
