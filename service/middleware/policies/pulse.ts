import { TIMERS } from "@trunkline/shared";

/** An agent in a room as its heartbeat shows it; without one it is not judged. */
export interface Beating {
  readonly identity: string;
  readonly beat?: string | undefined;
}

interface Seen {
  readonly beat: string;
  /** Since when this beat is the last one. */
  readonly since: number;
}

/**
 * The heartbeats of one call's agents over time. Judges by the clock of whoever looks, in ms; the agents' clocks do not matter.
 * Time counts only while somebody looks: after a gap all agents get their whole time anew.
 */
export class Pulse {
  #seen = new Map<string, Seen>();
  /** At the latest look, however long ago. */
  #beats = new Map<string, string>();
  #hasStopped = false;
  #isBeating = false;
  #lookedAt = Number.NEGATIVE_INFINITY;

  /** Whether an agent showed the same beat at the latest two looks, which were far enough apart for a new one. */
  get hasStopped(): boolean {
    return this.#hasStopped;
  }

  /** Whether all agents that can be judged have shown a new beat since the look before. */
  get isBeating(): boolean {
    return this.#isBeating;
  }

  /** The agents whose heart has stood still for too long. @param lostMs how long that is */
  lifeless(agents: readonly Beating[], at: number, lostMs: number = TIMERS.agentBeatLostMs): string[] {
    const canTell = at - this.#lookedAt >= 2 * TIMERS.agentBeatMs;
    this.#hasStopped = canTell && agents.some(({ identity, beat }) => beat && this.#beats.get(identity) === beat);
    const judged = agents.filter(({ identity, beat }) => beat !== undefined && this.#beats.has(identity));
    const isFirst = this.#beats.size === 0;
    this.#isBeating = !isFirst && judged.every(({ identity, beat }) => this.#beats.get(identity) !== beat);
    this.#beats = new Map(agents.map(({ identity, beat = "" }) => [identity, beat]));
    const known = at - this.#lookedAt > TIMERS.beatLookGapMs ? new Map<string, Seen>() : this.#seen;
    this.#lookedAt = at;
    this.#seen = new Map(agents.flatMap((agent) => this.#now(agent, known.get(agent.identity), at)));
    return [...this.#seen].filter(([, { since }]) => at - since >= lostMs).map(([identity]) => identity);
  }

  #now({ identity, beat }: Beating, before: Seen | undefined, at: number): [string, Seen][] {
    if (beat === undefined) return [];
    return [[identity, before?.beat === beat ? before : { beat, since: at }]];
  }
}
