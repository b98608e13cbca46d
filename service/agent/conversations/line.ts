import type { Room } from "@livekit/rtc-node";
import { PHRASE_RATE } from "../audio/phrases.ts";
import { Speaker } from "../audio/speaker.ts";
import { melody, type Note } from "../audio/tone.ts";
import { SIGNALS } from "./signals.ts";

/**
 * A track beside the model's voice. It is published when the model is connected, and so is the sign that the agent is ready: the framework
 * publishes its own only when a caller is in the room, for whom the middleware calls only when the agent is ready. It carries what a caller
 * hears when the model does not speak.
 */
export class Line {
  readonly #speaker = new Speaker(PHRASE_RATE);
  #hold: NodeJS.Timeout | undefined;

  async publish(room: Room): Promise<void> {
    await this.#speaker.publish(room);
  }

  /** The line is not dead. */
  filler(): void {
    this.#play(SIGNALS.filler);
  }

  get isOnHold(): boolean {
    return this.#hold !== undefined;
  }

  startHold(): void {
    if (this.isOnHold) return;
    const [note, silence] = SIGNALS.hold;
    this.#play([note]);
    this.#hold = setInterval(() => this.#play([note]), note.ms + silence.ms);
  }

  endHold(): void {
    clearInterval(this.#hold);
    this.#hold = undefined;
  }

  async close(): Promise<void> {
    this.endHold();
    await this.#speaker.close();
  }

  #play(notes: readonly Note[]): void {
    void this.#speaker.play(melody(notes, PHRASE_RATE)).catch(() => undefined); // closed meanwhile
  }
}
