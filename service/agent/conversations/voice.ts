import { setTimeout as sleep } from "node:timers/promises";
import { voice } from "@livekit/agents";
import type { Room } from "@livekit/rtc-node";
import { type CallContext, clockMs, type Logger } from "@trunkline/shared";
import { PUBLISH_OPTIONS } from "../audio/publish-options.ts";
import type { CallEnded } from "../call-end.ts";
import { useFrameworkLog } from "../telemetry/framework-log.ts";
import type { TelephonySettings } from "../telephony/settings.ts";
import { deliver } from "../transcript/deliver.ts";
import { noticeFor, type TranscriptSettings } from "../transcript/settings.ts";
import { TranscriptWriter } from "../transcript/transcript.ts";
import { within } from "../within.ts";
import { AnswerWatch } from "./answer-watch.ts";
import { callTools, ON_ITS_WAY_MS, type ToolCall } from "./call-tools.ts";
import { CallerEar } from "./caller-ear.ts";
import { collectKeys } from "./caller-keys.ts";
import type { Conversation, LiveCall } from "./conversation.ts";
import { Line } from "./line.ts";
import { endIfMachine } from "./machine-detection.ts";
import type { ModelSession, NewSession } from "./models/session.ts";
import { PendingSpeech } from "./pending-speech.ts";
import { isToolRunning, watchTools } from "./running-tools.ts";
import { KEYS, type NewTalker, personTalker } from "./talker.ts";
import { measure } from "./voice-metrics.ts";
import { type Person, personFor, type VoiceSettings } from "./voice-settings.ts";
import { VoiceSilence } from "./voice-silence.ts";

const {
  AgentStateChanged,
  Close,
  Error: Failed,
  FunctionToolsExecuted,
  UserStateChanged,
} = voice.AgentSessionEventTypes;

/** What a model is told that the framework does not say by itself. */
const STILL_THERE = "The caller has said nothing for a while. Ask briefly whether they are still there.";
const GOODBYE = "The call ends now. Say good-bye to the caller in one short sentence.";
const BROKEN_OFF = "Your answer did not reach the caller whole. Say it again, from the beginning.";

const NOTICE = "Say this sentence, word for word, and nothing else:";

/** Longer than a sentence takes. */
const GOODBYE_MS = 8_000;

interface Options {
  detectsMachines?: boolean;
  /** Default: the person that the settings describe. */
  newTalker?: NewTalker;
  /** Default: nothing is written down. */
  transcripts?: TranscriptSettings | undefined;
}

/** A conversation with a model, held by the framework's AgentSession. One session serves one call; a process holds several. */
export class Voice implements Conversation {
  readonly #newSession: NewSession;
  readonly #settings: VoiceSettings;
  readonly #telephony: TelephonySettings;
  readonly #options: Options;
  readonly #toolCall: ToolCall = {};
  readonly #line = new Line();
  readonly #failure = Promise.withResolvers<never>();
  #models: ModelSession | undefined;
  #person: Person | undefined;
  #connectMs = 0;
  #transcript: TranscriptWriter | undefined;
  #hasSaidGoodbye = false;
  /** Since the caller has spoken last. */
  #lostAnswers = 0;
  /** Whether an answer is due or being said. */
  #owesAnswer = () => false;

  constructor(newSession: NewSession, settings: VoiceSettings, telephony: TelephonySettings, options: Options = {}) {
    useFrameworkLog();
    this.#newSession = newSession;
    this.#settings = settings;
    this.#telephony = telephony;
    this.#options = options;
    this.#failure.promise.catch(() => undefined); // told where it is waited for
  }

  /** Ready is who can answer: the models are connected. */
  async prepare(room: Room, call: CallContext): Promise<void> {
    const startedAt = clockMs();
    this.#person = personFor(call.called, this.#settings);
    this.#models = await this.#newSession(this.#person, call);
    await this.#models.connect();
    this.#connectMs = clockMs() - startedAt;
    this.#watchFailure(this.#models.session);
    await this.#orFailure(this.#start(this.#models.session, this.#person, call, room));
    await this.#line.publish(room);
  }

  async talk(live: LiveCall): Promise<void> {
    const { session } = this.#prepared();
    const ear = new CallerEar();
    this.#toolCall.live = live;
    live.metrics.connected(this.#connectMs);
    measure(session, live, ear);
    const silence = this.#watchAnswers(session, live);
    this.#listenToKeys(session, live, silence);
    this.#allowHold(session, silence);
    const greeting = this.#greet(session, live);
    await live.end.during(this.#orFailure(Promise.all([ear.listen(live), greeting])));
  }

  get hasSaidGoodbye(): boolean {
    return this.#hasSaidGoodbye;
  }

  async sayGoodbye(): Promise<void> {
    const { session } = this.#prepared();
    try {
      session.interrupt();
      const goodbye = session.generateReply({ instructions: GOODBYE, allowInterruptions: false });
      await within(GOODBYE_MS, this.#orFailure(goodbye.waitForPlayout()));
      await sleep(ON_ITS_WAY_MS);
      this.#hasSaidGoodbye = true;
    } catch {
      this.#hasSaidGoodbye = false; // the agent's signal does
    }
  }

  async close(): Promise<void> {
    const { live } = this.#toolCall;
    delete this.#toolCall.live;
    this.#deliverTranscript(live?.log);
    await Promise.all([this.#models?.session.close(), this.#models?.close(), this.#line.close()]);
  }

  #prepared(): ModelSession & { person: Person } {
    if (!this.#models || !this.#person) throw new Error("The conversation was not prepared");
    return { ...this.#models, person: this.#person };
  }

  async #start(session: voice.AgentSession, person: Person, call: CallContext, room: Room): Promise<void> {
    const { agent, greeting, noiseCancellation } = await (this.#options.newTalker ?? personTalker)(
      person,
      call,
      callTools(this.#toolCall, this.#telephony),
    );
    if (greeting !== undefined) this.#person = { ...person, greeting };
    const inputOptions = {
      ...{ textEnabled: false, closeOnDisconnect: false },
      ...(noiseCancellation && { noiseCancellation }),
    };
    await session.start({ agent, room, inputOptions, outputOptions: { audioPublishOptions: PUBLISH_OPTIONS } });
  }

  /** The first error that the framework cannot recover from ends the conversation: it would go on in silence. */
  #watchFailure(session: voice.AgentSession): void {
    session.on(Failed, ({ error }) => {
      const { type, recoverable, error: cause } = error as { type?: string; recoverable?: boolean; error?: unknown };
      if (type === "tts_error" || (recoverable && this.#hasLostAnswer())) this.#sayAgain(session, cause);
      else if (!recoverable) this.#failure.reject(cause ?? error);
    });
    session.on(UserStateChanged, ({ newState }) => {
      if (newState === "speaking") this.#lostAnswers = 0;
    });
    session.on(Close, ({ error }) => this.#failure.reject(error ?? new Error("The session has ended by itself")));
  }

  /** What a realtime model has lost it does not say again by itself. The session's state does not tell: it still listens when an answer fails at its beginning. */
  #hasLostAnswer(): boolean {
    return this.#prepared().answersEverySound && this.#owesAnswer();
  }

  #sayAgain(session: voice.AgentSession, cause: unknown): void {
    if (this.#toolCall.live?.end.signal.aborted) return; // a session that has ended takes no more
    if (++this.#lostAnswers > 1) return void this.#failure.reject(cause);
    session.interrupt();
    session.generateReply({ instructions: BROKEN_OFF });
  }

  #orFailure<T>(work: Promise<T>): Promise<T> {
    return Promise.race([work, this.#failure.promise]);
  }

  async #greet(session: voice.AgentSession, live: LiveCall): Promise<void> {
    const { person } = this.#prepared();
    await this.#announceTranscript(session, live, person);
    const greeting = session.generateReply({ instructions: person.greeting });
    onceSpeaking(session, () => live.log.info({ event: "greeting.started" }, "Greeting the caller"));
    await live.end.during(greeting.waitForPlayout());
    live.log.info({ event: "greeting.finished" }, "The caller has been greeted");
    if (this.#options.detectsMachines) await endIfMachine(session, live);
  }

  /** What is said from now on is written down, and the caller knows. */
  async #announceTranscript(session: voice.AgentSession, live: LiveCall, { language }: Person): Promise<void> {
    const { transcripts } = this.#options;
    if (!transcripts) return;
    this.#transcript = new TranscriptWriter(live.call, session);
    const notice = noticeFor(transcripts, language);
    if (notice === undefined) return;
    const said = session.tts
      ? session.say(notice, { allowInterruptions: false })
      : session.generateReply({ instructions: `${NOTICE} "${notice}"`, allowInterruptions: false });
    await live.end.during(said.waitForPlayout());
  }

  #deliverTranscript(log: Logger | undefined): void {
    const [{ transcripts }, transcript] = [this.#options, this.#transcript?.end()];
    if (transcripts && transcript && log) deliver(transcript, transcripts, log);
  }

  /** Watches both sides: an agent that says nothing while it should, and a caller who says nothing while the agent waits for them. */
  #watchAnswers(session: voice.AgentSession, live: LiveCall): VoiceSilence {
    const { answersEverySound } = this.#prepared();
    const watch = new AnswerWatch({
      filler: () => this.#line.filler(),
      late: () => this.#failure.reject(new Error("The model has not answered in time")),
      isToolRunning: () => isToolRunning(session),
    });
    watchTools(session);
    this.#owesAnswer = () => watch.isDue || speech.isAny;
    const isBusy = () => this.#line.isOnHold || this.#owesAnswer();
    const ask = () => void session.generateReply({ instructions: STILL_THERE });
    const end = () => void this.#endWithGoodbye(live, "caller_silent");
    const over = () => {
      watch.over();
      silence.settle();
    };
    const speech = new PendingSpeech(session, (isWhole) => (isWhole ? over() : silence.settle()));
    session.on(AgentStateChanged, ({ newState }) => {
      if (newState === "thinking") watch.due();
      else if (newState === "speaking") watch.over();
    });
    session.on(UserStateChanged, ({ newState, oldState }) => {
      if (newState === "speaking") watch.over();
      else if (oldState === "speaking" && answersEverySound) watch.due();
    });
    session.on(FunctionToolsExecuted, over); // a tool may be all that was asked for
    const silence = new VoiceSilence(session, this.#telephony, isBusy, ask, end); // behind the above, which it looks at
    watch.due(); // the greeting
    live.end.signal.addEventListener(
      "abort",
      () => {
        watch.close();
        silence.close();
      },
      { once: true },
    );
    return silence;
  }

  #listenToKeys(session: voice.AgentSession, live: LiveCall, silence: VoiceSilence): void {
    const pressed = () => {
      this.#line.endHold();
      silence.heard();
      // Keys may be a PIN: they are not logged.
      live.log.info({ event: "caller.key" }, "The caller has pressed a key");
    };
    const entered = (keys: string) => {
      session.interrupt();
      session.generateReply({ userInput: `${KEYS} ${keys}` });
    };
    collectKeys(live, pressed, entered);
  }

  #allowHold(session: voice.AgentSession, silence: VoiceSilence): void {
    this.#toolCall.hold = () => {
      this.#line.startHold();
      silence.settle();
    };
    session.on(UserStateChanged, ({ newState }) => {
      if (newState === "speaking") this.#line.endHold();
    });
  }

  async #endWithGoodbye({ end }: LiveCall, reason: CallEnded["reason"]): Promise<void> {
    await this.sayGoodbye();
    end.end(reason);
  }
}

function onceSpeaking(session: voice.AgentSession, callback: () => void): void {
  const look = ({ newState }: { newState: voice.AgentState }) => {
    if (newState !== "speaking") return;
    session.off(AgentStateChanged, look);
    callback();
  };
  session.on(AgentStateChanged, look);
}
