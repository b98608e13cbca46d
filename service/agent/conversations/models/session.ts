import type { voice } from "@livekit/agents";
import type { CallContext } from "@trunkline/shared";
import type { Person } from "../voice-settings.ts";

/** The models of one call, and the framework's session that speaks to them. */
export interface ModelSession {
  session: voice.AgentSession;
  /** Before the session starts, which shows itself to the caller. @throws what a model answers that refuses. */
  connect(): Promise<unknown>;
  /** Whether every sound of a caller is answered. A recognizer may make no words of one. */
  answersEverySound: boolean;
  /** Ends connections that the session itself leaves open. */
  close(): Promise<void>;
}

/** Made anew for each call. */
export type NewSession = (person: Person, call: CallContext) => ModelSession | Promise<ModelSession>;

/** Common to all sessions on a telephone. */
export const TELEPHONE = {
  /** A telephone cancels its echo itself. The framework's warm-up throws away what a caller says in the first 3 s. */
  aecWarmupDuration: null,
  /** The conversation watches the silence itself: keys count as a sign of life, too. */
  userAwayTimeout: null,
};

/** How long a model may take to accept a connection, ms: a caller waits meanwhile. */
export const CONNECT_MS = 10_000;
