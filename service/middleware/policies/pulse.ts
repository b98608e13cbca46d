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
  #lookedAt = Number.NEGATIVE_INFINITY;

  /** The agents whose heart has stood still for too long. */
  lifeless(agents: readonly Beating[], at: number): string[] {
    const known = at - this.#lookedAt > TIMERS.beatLookGapMs ? new Map<string, Seen>() : this.#seen;
    this.#lookedAt = at;
    this.#seen = new Map(agents.flatMap((agent) => this.#now(agent, known.get(agent.identity), at)));
    return [...this.#seen]
      .filter(([, { since }]) => at - since >= TIMERS.agentBeatLostMs)
      .map(([identity]) => identity);
  }

  #now({ identity, beat }: Beating, before: Seen | undefined, at: number): [string, Seen][] {
    if (beat === undefined) return [];
    return [[identity, before?.beat === beat ? before : { beat, since: at }]];
  }
}
