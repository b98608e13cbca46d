/**
 * The conversation with a model, with the framework's own fake one and no room, run as a process of its own (jest cannot load the
 * framework's modules): `voice-session.ts SCENARIO`. Prints what became of the call: `{"ended","error","said","report","logged"}`.
 */
import { EventEmitter } from "node:events";
import { initializeLogger, llm as models, voice } from "@livekit/agents";
import type { Room } from "@livekit/rtc-node";
import { CallEnd, CallEnded } from "../../../../service/agent/call-end.ts";
import { CallMetrics } from "../../../../service/agent/call-metrics.ts";
import { CallTimes } from "../../../../service/agent/call-times.ts";
import type { LiveCall } from "../../../../service/agent/conversations/conversation.ts";
import { isToolRunning } from "../../../../service/agent/conversations/running-tools.ts";
import { Voice } from "../../../../service/agent/conversations/voice.ts";

const { AgentStateChanged, Close, ConversationItemAdded, UserStateChanged } = voice.AgentSessionEventTypes;
const PERSON = { instructions: "Help.", greeting: "Say hello.", language: "en" };
const VOICEMAIL = "You have reached the mailbox of nobody. Please leave a message after the tone.";
const SILENCE = { askAfterMs: 400, endAfterMs: 300 };

initializeLogger({ pretty: false, level: "error" });
const said: string[] = [];
const logged: object[] = [];
const end = new CallEnd();
const times = new CallTimes();
const metrics = new CallMetrics(times);
for (const point of ["joined", "published", "active"] as const) times.note(point);

const judgement = [{ name: "save_prediction", args: { label: "machine-vm" } }];
const LOOK_UP = "Please look it up.";
const llm = new voice.testing.FakeLLM([
  { input: VOICEMAIL, toolCalls: judgement },
  { input: LOOK_UP, toolCalls: [{ name: "lookUp", args: {} }] },
]);
const lookUp = models.tool({
  description: "Looks something up.",
  execute: async () => {
    said.push(`tool running: ${isToolRunning(session)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    return "nine to five";
  },
});
const session = new voice.AgentSession({ llm });
const start = session.start.bind(session);
session.start = ({ agent }) => start({ agent }); // no room: text only
const reply = session.generateReply.bind(session);
session.generateReply = (options) => {
  said.push(String(options?.instructions));
  return reply(options);
};

const scenario = process.argv[2] ?? "";
const settings = { silence: SILENCE, callLimitMs: 60_000, transferTargets: [] };
const call = { callId: "id", flow: "dial", caller: "+4930123456", called: "+4940654321", headers: {} } as const;
const note = (fields: object) => void logged.push(fields);
const log = { info: note, warn: note, error: note };
const conversation = new Voice(
  () => ({ session, connect: async () => undefined, answersEverySound: true, close: async () => undefined }),
  { everyone: PERSON, byCalledNumber: {} },
  settings,
  {
    detectsMachines: scenario === "machine",
    ...(scenario === "tool" && {
      newTalker: () => ({ agent: new voice.Agent({ instructions: "Help.", tools: { lookUp } }) }),
    }),
  },
);
const room = Object.assign(new EventEmitter(), {
  localParticipant: { publishTrack: async () => ({}) },
  remoteParticipants: new Map(),
});
const caller = { identity: "caller-id", trackPublications: new Map() };
const live = { call, room, caller, end, times, metrics, log } as unknown as LiveCall;
await conversation.prepare(room as unknown as Room, call);
const talk = conversation.talk(live);
const error = talk.then(
  () => "returned",
  (reason: unknown) => (reason instanceof CallEnded ? undefined : String(reason)),
);
await scenarios()[scenario]?.();
setTimeout(() => end.end("caller_left"), 15_000).unref();
const failure = await error;
const ended = end.signal.aborted ? (end.signal.reason as CallEnded).reason : undefined;
console.log(JSON.stringify({ ended, error: failure, said, report: metrics.report(), logged }));
process.exit(0);

function scenarios(): Record<string, () => Promise<void> | void> {
  return {
    /** Nothing is heard, and nothing after the question. */
    silence: () => undefined,
    /** Whoever answers the question stays. */
    answer: async () => {
      while (said.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
      session.emit(UserStateChanged, userState("listening", "speaking"));
      session.emit(UserStateChanged, userState("speaking", "listening"));
      await new Promise((resolve) => setTimeout(resolve, 2 * SILENCE.endAfterMs));
      end.end("caller_left");
    },
    /** Has said something, to which there is no answer yet. */
    waiting: async () => {
      await new Promise((resolve) => setTimeout(resolve, SILENCE.askAfterMs / 2)); // greeted
      session.emit(UserStateChanged, userState("listening", "speaking"));
      session.emit(UserStateChanged, userState("speaking", "listening"));
      await new Promise((resolve) => setTimeout(resolve, 3 * SILENCE.askAfterMs));
      end.end("caller_left");
    },
    /** Greeted, and interrupted. */
    turn: () => {
      session.emit(AgentStateChanged, agentSpeaks(1_000));
      const item = { type: "message", role: "assistant", interrupted: true };
      session.emit(ConversationItemAdded, { type: "conversation_item_added", item, createdAt: 6_000 } as never);
      end.end("caller_left");
    },
    /** The model calls a tool of the user's. */
    tool: async () => {
      await session.run({ userInput: LOOK_UP }).wait();
      said.push(`tool running: ${isToolRunning(session)}`);
      end.end("caller_left");
    },
    failure: () =>
      void session.emit(Close, { type: "close", error: new Error("quota"), reason: "error", createdAt: 1 } as never),
    machine: async () => {
      while (!session.amd) await new Promise((resolve) => setTimeout(resolve, 20));
      session.amd.onUserSpeechStarted();
      session.amd.onTranscript(VOICEMAIL, "stt");
      session.amd.onUserSpeechEnded(0);
    },
  };
}

function userState(oldState: voice.UserState, newState: voice.UserState, createdAt = Date.now()) {
  return voice.createUserStateChangedEvent(oldState, newState, createdAt);
}

function agentSpeaks(createdAt: number) {
  return voice.createAgentStateChangedEvent("thinking", "speaking", createdAt);
}
