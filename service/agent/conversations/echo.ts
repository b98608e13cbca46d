import type { RemoteTrack, Room } from "@livekit/rtc-node";
import { framesOf } from "../audio/frames.ts";
import { Listener, rounded } from "../audio/listener.ts";
import { Speaker } from "../audio/speaker.ts";
import { melody, type Note } from "../audio/tone.ts";
import { waitForAudio } from "../sip-participant.ts";
import { onKey, sendKey } from "../telephony/dtmf.ts";
import { type KeyCommand, KeyCommands } from "../telephony/key-commands.ts";
import type { TelephonySettings } from "../telephony/settings.ts";
import { SilenceWatch } from "../telephony/silence-watch.ts";
import { transfer } from "../telephony/transfer.ts";
import type { Conversation, LiveCall } from "./conversation.ts";
import { SIGNALS } from "./signals.ts";

const SAMPLE_RATE = 16_000; // wide band: what G.722 carries, twice G.711
const ECHO_DELAY_MS = 60; // evens out the network's jitter: an echo without reserve would stutter

/**
 * Greets with two tones, then says whatever the caller says, and sends every key back. `*` and a key try the telephone's functions, see
 * KeyCommands. Needs no network beyond LiveKit, and no model.
 */
export class Echo implements Conversation {
  readonly #settings: TelephonySettings;
  readonly #speaker = new Speaker(SAMPLE_RATE);
  readonly #keys = new KeyCommands();
  /** While the agent itself speaks the caller is not echoed. */
  #mode: "speaking" | "echo" | "hold" = "speaking";

  constructor(settings: TelephonySettings) {
    this.#settings = settings;
  }

  async prepare(room: Room): Promise<void> {
    await this.#speaker.publish(room);
  }

  async talk(live: LiveCall): Promise<void> {
    const ask = () => void this.#say(SIGNALS.stillThere, live);
    const silence = new SilenceWatch(this.#settings.silence, ask, () => live.end.end("caller_silent"));
    onKey(live.room, live.caller, (key) => {
      silence.heard();
      void this.#pressed(key, live);
    });
    try {
      const listening = this.#listen(live, silence);
      await live.end.during(Promise.race([this.#greet(live), listening]));
      silence.heard();
      await live.end.during(listening);
    } finally {
      silence.close();
    }
  }

  async close(): Promise<void> {
    await this.#speaker.close();
  }

  async #greet(live: LiveCall): Promise<void> {
    await this.#speaker.heard();
    live.metrics.firstAudio();
    live.log.info({ event: "greeting.started" }, "Greeting the caller");
    await this.#say(SIGNALS.greeting, live);
    live.log.info({ event: "greeting.finished" }, "The caller has been greeted");
  }

  async #say(notes: readonly Note[], { end }: LiveCall): Promise<void> {
    this.#mode = "speaking";
    await end.during(this.#speaker.play(melody(notes, SAMPLE_RATE)));
    this.#speaker.add(new Int16Array((SAMPLE_RATE * ECHO_DELAY_MS) / 1000));
    this.#mode = "echo";
  }

  /** Goes on until the call ends, also while the caller's track is gone or replaced. */
  async #listen(live: LiveCall, silence: SilenceWatch): Promise<void> {
    const listener = new Listener(SAMPLE_RATE);
    let last: RemoteTrack | undefined;
    while (!live.end.signal.aborted) {
      last = await waitForAudio(live.room, live.caller, live.end, last);
      for await (const samples of framesOf(last, SAMPLE_RATE, live.end.signal)) {
        this.#hear(samples, listener, live);
        if (listener.isHearing && this.#mode !== "speaking") silence.heard();
      }
    }
  }

  #hear(samples: Int16Array, listener: Listener, { log, times, metrics }: LiveCall): void {
    const sound = listener.hear(samples);
    if (sound) {
      times.note("callerHeard");
      log.info({ event: "caller.audio", ...rounded(sound) }, "The caller is heard");
    }
    if (this.#mode === "echo") this.#speaker.add(samples);
    // An echo answers with what waits to be sent; whoever speaks while the agent does is not echoed.
    if (sound && this.#mode === "echo") metrics.turn(this.#speaker.backlogMs);
    else if (sound && this.#mode === "speaking") metrics.interrupted();
  }

  async #pressed(key: string, live: LiveCall): Promise<void> {
    // Keys may be a PIN: they are not logged.
    live.log.info({ event: "caller.key" }, "The caller has pressed a key");
    const wasOnHold = this.#mode === "hold";
    if (wasOnHold) this.#mode = "echo";
    const command = wasOnHold ? undefined : this.#keys.press(key);
    if (!command) return;
    await this.#obey(command, live).catch((error: unknown) => {
      if (!live.end.signal.aborted) live.log.warn({ event: "key.failed", err: error }, "A key had no effect");
    });
  }

  async #obey(command: KeyCommand, live: LiveCall): Promise<void> {
    if (command.name === "key") await sendKey(live.room, command.key);
    else if (command.name === "transfer") await this.#transfer(this.#settings.transferTargets[command.index], live);
    else if (command.name === "hold") await this.#hold(live);
    else {
      await this.#say(SIGNALS.goodbye, live);
      live.end.end("agent_hung_up");
    }
  }

  async #transfer(target: string | undefined, live: LiveCall): Promise<void> {
    const { call, caller, act } = live;
    const parts = { call, identity: caller.identity, targets: this.#settings.transferTargets, act };
    live.log.info({ event: "transfer.started" }, "Transferring the caller");
    try {
      await transfer(target ?? "", parts);
      live.log.info({ event: "transfer.finished" }, "The caller has been transferred");
    } catch (error) {
      live.log.warn({ event: "transfer.failed", err: error }, "The caller stays with the agent");
      await this.#say(SIGNALS.failure, live);
    }
  }

  async #hold(live: LiveCall): Promise<void> {
    this.#mode = "hold";
    live.log.info({ event: "hold.started" }, "The caller is on hold");
    while (this.#mode === "hold") await live.end.during(this.#speaker.play(melody(SIGNALS.hold, SAMPLE_RATE)));
    live.log.info({ event: "hold.finished" }, "The caller is back");
  }
}
