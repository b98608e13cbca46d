import { voice } from "@livekit/agents";
import type { TelephonySettings } from "../telephony/settings.ts";
import { SilenceWatch } from "../telephony/silence-watch.ts";

const { AgentStateChanged, UserStateChanged } = voice.AgentSessionEventTypes;

/**
 * Watches a caller's silence in a session: time runs while nobody speaks, and nothing is due from the agent. A caller who waits for an
 * answer, or for a tool, is not asked whether they are there.
 */
export class VoiceSilence {
  readonly #session: voice.AgentSession;
  readonly #isBusy: () => boolean;
  readonly #watch: SilenceWatch;

  /** @param isBusy whether the agent owes the caller something; tell its end with `settle`. */
  constructor(
    session: voice.AgentSession,
    { silence: limits }: TelephonySettings,
    isBusy: () => boolean,
    onAsk: () => void,
    onEnd: () => void,
  ) {
    this.#session = session;
    this.#isBusy = isBusy;
    this.#watch = new SilenceWatch(limits, onAsk, onEnd);
    session.on(UserStateChanged, ({ newState }) => (newState === "speaking" ? this.stop() : this.heard()));
    session.on(AgentStateChanged, () => this.settle());
  }

  /** The caller has given a sign of life. */
  heard(): void {
    this.stop();
    this.settle();
  }

  /** Somebody speaks, or has stopped to, or `isBusy` has changed. What the agent says after the question is the question. */
  settle(): void {
    if (this.#watch.hasAsked) return;
    const { agentState, userState } = this.#session;
    const isQuiet = userState !== "speaking" && (agentState === "listening" || agentState === "initializing");
    if (isQuiet && !this.#isBusy()) this.#watch.heard();
    else this.stop();
  }

  stop(): void {
    this.#watch.stop();
  }

  close(): void {
    this.#watch.close();
  }
}
