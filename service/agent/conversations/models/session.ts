import type { voice } from "@livekit/agents";
import type { Person } from "../voice-settings.ts";

/** The models of one call, and the framework's session that speaks to them. */
export interface ModelSession {
  session: voice.AgentSession;
  /** Resolves when each model that holds a connection has accepted it; rejects when one refuses. */
  connected: Promise<unknown>;
  /** Ends connections that the session itself leaves open. */
  close(): Promise<void>;
}

/** Made anew for each call. */
export type NewSession = (person: Person) => ModelSession;

/** Common to all sessions on a telephone. */
export const TELEPHONE = {
  /** A telephone cancels its echo itself. The framework's warm-up throws away what a caller says in the first 3 s. */
  aecWarmupDuration: null,
  /** The conversation watches the silence itself: keys count as a sign of life, too. */
  userAwayTimeout: null,
};

/** How long a model may take to accept a connection, ms: a caller waits meanwhile. */
export const CONNECT_MS = 10_000;
