import type { AgentReport } from "@trunkline/shared";
import type { CallTimes } from "./call-times.ts";

/** What a conversation tells of how it goes; the rest is known from the call's times. */
export class CallMetrics {
  readonly #times: CallTimes;
  readonly #onChange: () => void;
  #turns = 0;
  #latencySumMs = 0;
  #longestMs = 0;
  #interruptions = 0;
  #connectMs: number | undefined;
  #used: Pick<AgentReport, "tokens" | "speech"> = {};
  #mediaGap: AgentReport["mediaGap"];
  #isLegLost = false;
  #isCutOff = false;

  /** @param onChange called after every change, at most a few times for each turn. */
  constructor(times: CallTimes, onChange: () => void = () => undefined) {
    this.#times = times;
    this.#onChange = onChange;
  }

  /** The models were connected after so long. */
  connected(ms: number): void {
    this.#connectMs = ms;
    this.#onChange();
  }

  /** What the models have used so far. */
  used(used: Pick<AgentReport, "tokens" | "speech">): void {
    this.#used = used;
    this.#onChange();
  }

  /** The agent is heard; only the first time counts. */
  firstAudio(): void {
    if (this.#times.at("firstAudio") !== undefined) return;
    this.#times.note("firstAudio");
    this.#onChange();
  }

  /** The agent has answered, so long after the caller's last sound. */
  turn(latencyMs: number): void {
    const ms = Math.max(0, Math.round(latencyMs));
    this.#turns++;
    this.#latencySumMs += ms;
    this.#longestMs = Math.max(this.#longestMs, ms);
    this.#onChange();
  }

  /** The caller has spoken over the agent. */
  interrupted(): void {
    this.#interruptions++;
    this.#onChange();
  }

  /** No packets come from the caller since then; undefined: they come again. */
  mediaGap(gap: AgentReport["mediaGap"]): void {
    this.#mediaGap = gap;
    this.#onChange();
  }

  /** The caller's leg sends nothing, and does not answer. */
  legLost(): void {
    this.#isLegLost = true;
    this.#onChange();
  }

  /** LiveKit has no connection for the agent, or has one again: the caller hears nothing meanwhile. */
  cutOff(isCutOff: boolean): void {
    this.#isCutOff = isCutOff;
    this.#onChange();
  }

  report(): AgentReport {
    const readyMs = this.#times.at("published");
    const firstAudioMs = this.#times.between("active", "firstAudio");
    return {
      joinMs: this.#times.at("joined") ?? 0,
      ...(readyMs !== undefined && { readyMs }),
      ...(firstAudioMs !== undefined && { firstAudioMs }),
      turns: this.#turns,
      ...(this.#turns > 0 && { turnLatencyMs: { mean: this.#meanMs, longest: this.#longestMs } }),
      interruptions: this.#interruptions,
      ...(this.#connectMs !== undefined && { connectMs: this.#connectMs }),
      ...this.#used,
      ...(this.#mediaGap && { mediaGap: this.#mediaGap }),
      ...((this.#isLegLost || this.#isCutOff) && { legLost: true }),
    };
  }

  get #meanMs(): number {
    return Math.round(this.#latencySumMs / this.#turns);
  }
}
