import { initializeLogger, voice } from "@livekit/agents";
import type { Room } from "@livekit/rtc-node";
import type { CallContext } from "@trunkline/shared";
import type { TelephonySettings } from "../telephony/settings.ts";
import { callTools, type ToolCall } from "./call-tools.ts";
import type { Conversation, LiveCall } from "./conversation.ts";
import { endIfMachine } from "./machine-detection.ts";
import { TurnClock } from "./turn-clock.ts";
import { type Person, personFor, type VoiceSettings } from "./voice-settings.ts";

/** The models of a session, made anew for each call. */
export type NewSession = (person: Person) => voice.AgentSession;

/** What the framework does not say by itself when a caller is silent. */
const STILL_THERE = "The caller has said nothing for a while. Ask briefly whether they are still there.";

/** A conversation with a model, held by the framework's AgentSession. One session serves one call; a process holds several. */
export class Voice implements Conversation {
  readonly #newSession: NewSession;
  readonly #settings: VoiceSettings;
  readonly #telephony: TelephonySettings;
  readonly #detectsMachines: boolean;
  readonly #toolCall: ToolCall = {};
  #session: voice.AgentSession | undefined;
  #person: Person | undefined;

  constructor(newSession: NewSession, settings: VoiceSettings, telephony: TelephonySettings, detectsMachines = false) {
    initializeLogger({ pretty: false, level: "warn" });
    this.#newSession = newSession;
    this.#settings = settings;
    this.#telephony = telephony;
    this.#detectsMachines = detectsMachines;
  }

  /** The session publishes its track when its models are connected. */
  async prepare(room: Room, call: CallContext): Promise<void> {
    const person = personFor(call.called, this.#settings);
    this.#person = person;
    this.#session = this.#newSession(person);
    const instructions = `${person.instructions}\nThe caller is on the telephone. Speak ${person.language}.`;
    const agent = new voice.Agent({ instructions, tools: callTools(this.#toolCall, this.#telephony) });
    await this.#session.start({ agent, room, inputOptions: { textEnabled: false, closeOnDisconnect: false } });
  }

  async talk(live: LiveCall): Promise<void> {
    const session = this.#session;
    if (!session || !this.#person) throw new Error("The conversation was not prepared");
    this.#toolCall.live = live;
    const ended = this.#follow(session, live);
    measure(session, live);
    const greeting = session.generateReply({ instructions: this.#person.greeting });
    if (this.#detectsMachines)
      void live.end.during(greeting.waitForPlayout()).then(() => endIfMachine(session, live), ignore);
    await live.end.during(ended);
  }

  async close(): Promise<void> {
    await this.#session?.close();
  }

  /** Resolves never; rejects when the session has failed. */
  #follow(session: voice.AgentSession, live: LiveCall): Promise<never> {
    const { UserStateChanged, Close } = voice.AgentSessionEventTypes;
    let asked: NodeJS.Timeout | undefined;
    session.on(UserStateChanged, ({ newState }) => {
      clearTimeout(asked);
      if (newState !== "away") return;
      session.generateReply({ instructions: STILL_THERE });
      asked = setTimeout(() => live.end.end("caller_silent"), this.#telephony.silence.endAfterMs);
    });
    live.end.signal.addEventListener("abort", () => clearTimeout(asked), { once: true });
    return new Promise((_, reject) => {
      session.on(Close, ({ error }) => reject(error ?? new Error("The session has ended by itself")));
    });
  }
}

/** Tells the call's metrics when the agent is heard, how long each answer took, and who was interrupted. */
function measure(session: voice.AgentSession, { metrics }: LiveCall): void {
  const { AgentStateChanged, UserStateChanged, ConversationItemAdded } = voice.AgentSessionEventTypes;
  const clock = new TurnClock();
  session.on(UserStateChanged, ({ oldState, newState, createdAt }) => {
    if (newState === "speaking") clock.callerSpeaks();
    else if (oldState === "speaking") clock.callerStopped(createdAt);
  });
  session.on(AgentStateChanged, ({ newState, createdAt }) => {
    if (newState !== "speaking") return;
    metrics.firstAudio();
    const waitedMs = clock.agentSpeaks(createdAt);
    if (waitedMs !== undefined) metrics.turn(waitedMs);
  });
  session.on(ConversationItemAdded, ({ item }) => {
    if (item.type === "message" && item.role === "assistant" && item.interrupted) metrics.interrupted();
  });
}

/** The call is over, or the session has failed: whoever waits for those knows. */
function ignore(): void {}

/** For a session's `userAwayTimeout`, seconds; null = never. */
export function awaySeconds({ silence }: TelephonySettings): number | null {
  return silence.askAfterMs === 0 ? null : silence.askAfterMs / 1_000;
}
