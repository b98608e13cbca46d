import type { EdgeCommand, EdgeEvent } from "./protocol.ts";
import { PLAY_RACE } from "./timing.ts";
import type { Audio } from "./tone-stream.ts";

/** The part of the SIP edge that sessions use; tests put a scripted one in its place. */
export interface Edge {
  send(command: EdgeCommand): void;
}

/** An edge event of one leg. */
export type LegEvent = Extract<EdgeEvent, { leg: string }>;

/** Audio on its way to the remote. `done` resolves at its end, whatever ended it. */
export interface Playing {
  done: Promise<void>;
  stop(): void;
}

/** One SIP dialog at the edge. */
export class Leg {
  readonly id: string;
  /** The dialog is over (or was never made); commands for it are dropped. */
  gone = false;
  readonly #edge: Edge;
  readonly #listeners = new Set<(event: LegEvent) => void>();
  #playing: { id: string; resolve: () => void; since: number } | undefined;
  #losesNext = false;
  #plays = 0;

  readonly #onGone: () => void;

  constructor(id: string, edge: Edge, onGone: () => void = () => {}) {
    this.id = id;
    this.#edge = edge;
    this.#onGone = onGone;
  }

  /** Calls `listener` for every event of this leg; returns how to stop that. */
  on(listener: (event: LegEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Takes one event in; `Legs` calls it. */
  handle(event: LegEvent): void {
    if (event.event === "ended" || event.event === "failed") this.gone = true;
    if (event.event === "played" && event.play === this.#playing?.id) this.#endPlaying();
    for (const listener of [...this.#listeners]) listener(event);
    if (this.gone) {
      this.#endPlaying();
      this.#listeners.clear();
      this.#onGone();
    }
  }

  send(command: EdgeCommand): void {
    if (!this.gone) this.#edge.send(command);
  }

  /** Plays to the remote; what was playing before ends. */
  play(audio: Audio): Playing {
    this.#endPlaying();
    if (this.gone || audio.segments.length === 0) return { done: Promise.resolve(), stop: () => {} };
    if (this.#losesNext) return this.#lose();
    const id = `${this.id}-${++this.#plays}`;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#playing = { id, resolve, since: Date.now() };
    this.send({ command: "play", leg: this.id, play: id, ...repeated(audio) });
    return { done: promise, stop: () => this.#stop(id) };
  }

  /** Audio that has only just begun takes the next one with it when it is cut: that is not heard. */
  cutJustBegun(): void {
    this.#losesNext = this.#playing !== undefined && Date.now() - this.#playing.since <= PLAY_RACE;
  }

  /** Lasts until it is stopped, in silence. */
  #lose(): Playing {
    this.#losesNext = false;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#playing = { id: "", resolve, since: Date.now() };
    return { done: promise, stop: () => this.#endPlaying() };
  }

  #stop(id: string): void {
    if (this.#playing?.id !== id) return;
    this.send({ command: "stop", leg: this.id });
    this.#endPlaying();
  }

  #endPlaying(): void {
    this.#playing?.resolve();
    this.#playing = undefined;
  }

  /** Joins the audio of two legs; ends what either of them plays. */
  bridge(other: Leg): void {
    this.#endPlaying();
    other.#endPlaying();
    if (!other.gone) this.send({ command: "bridge", a: this.id, b: other.id });
  }

  unbridge(other: Leg): void {
    if (!other.gone) this.send({ command: "unbridge", a: this.id, b: other.id });
  }
}

function repeated(audio: Audio) {
  if (audio.repeats === Number.POSITIVE_INFINITY) return { segments: audio.segments, loop: true };
  return { segments: Array.from({ length: audio.repeats }, () => audio.segments).flat() };
}

/** All legs by id; forgets each when it has ended. */
export class Legs {
  readonly #edge: Edge;
  readonly #byId = new Map<string, Leg>();
  #outbound = 0;

  constructor(edge: Edge) {
    this.#edge = edge;
  }

  get size(): number {
    return this.#byId.size;
  }

  /** A leg for an INVITE that has arrived. */
  inbound(id: string): Leg {
    const leg = new Leg(id, this.#edge, () => this.#byId.delete(id));
    this.#byId.set(id, leg);
    return leg;
  }

  /** A leg that is about to be invited. */
  outbound(): Leg {
    return this.inbound(`out-${++this.#outbound}`);
  }

  /** The edge is gone, and every dialog with it: whoever waits for one of them would wait for ever. */
  endAll(): void {
    for (const leg of [...this.#byId.values()]) leg.handle({ event: "ended", leg: leg.id, by: "local" });
  }

  handle(event: EdgeEvent): void {
    if (!("leg" in event) || event.leg === undefined || event.event === "invite") return;
    this.#byId.get(event.leg)?.handle(event as LegEvent);
  }
}
