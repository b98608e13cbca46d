import { voice } from "@livekit/agents";
import type { CallContext } from "@trunkline/shared";

const { ConversationItemAdded } = voice.AgentSessionEventTypes;
const MOST_LINES = 5_000;

/** One thing that was said. */
interface TranscriptLine {
  /** ISO 8601, UTC. */
  at: string;
  by: "caller" | "agent";
  text: string;
  /** The caller spoke over it: what was heard is shorter. */
  interrupted?: true;
}

/** What was said in a call, as it is delivered (docs/OWN_AGENT.md, "Transcripts"). */
export interface Transcript extends Pick<CallContext, "callId" | "flow" | "caller" | "called" | "carrier"> {
  version: 1;
  startedAt: string;
  endedAt: string;
  lines: TranscriptLine[];
}

/** Writes down what is said in a session, as its models understood and wrote it. It stays in memory: no log, no file. */
export class TranscriptWriter {
  readonly #call: CallContext;
  readonly #startedAt = new Date().toISOString();
  readonly #lines: TranscriptLine[] = [];

  constructor(call: CallContext, session: voice.AgentSession) {
    this.#call = call;
    session.on(ConversationItemAdded, ({ item, createdAt }) => {
      if (item.type !== "message" || this.#lines.length >= MOST_LINES) return;
      const by = ({ user: "caller", assistant: "agent" } as const)[item.role as string];
      const text = item.textContent?.trim();
      if (!by || !text) return;
      const at = new Date(createdAt).toISOString();
      this.#lines.push({ at, by, text, ...(item.interrupted && { interrupted: true }) });
    });
  }

  /** @returns undefined where nothing was said. */
  end(): Transcript | undefined {
    if (this.#lines.length === 0) return undefined;
    const { callId, flow, caller, called, carrier } = this.#call;
    const times = { startedAt: this.#startedAt, endedAt: new Date().toISOString() };
    return { version: 1, callId, flow, caller, called, carrier, ...times, lines: this.#lines };
  }
}
