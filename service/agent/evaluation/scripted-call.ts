import { initializeLogger, llm, voice } from "@livekit/agents";
import type { CallContext } from "@trunkline/shared";
import { callTools } from "../conversations/call-tools.ts";
import { KEYS } from "../conversations/talker.ts";
import { AgentError } from "../errors.ts";
import type { CallTools, OwnAgent } from "../own-agent.ts";

export interface ScriptedCallOptions {
  /** What the module is told of the call; default: from +4930123456 to +4940654321, in the flow `dial`. */
  call?: Partial<CallContext>;
  /** Whether there is somebody to transfer to; default false. */
  canTransfer?: boolean;
  /** A model that reads and writes, in place of the module's; needed where the module's only talks. */
  llm?: llm.LLM;
}

const CALL: CallContext = {
  callId: "scripted-call",
  flow: "dial",
  caller: "+4930123456",
  called: "+4940654321",
  headers: {},
};
const GREETING = "Greet the caller and ask how you can help.";

/**
 * A call in text, without a telephone: for tests of what an agent of yours says and does. The model is the module's own; what it does with
 * the telephone (`hangUp`, `transferCall`, …) is seen in the results and has no effect.
 * @example
 * await using call = await ScriptedCall.begin(agent, { call: { called: "+4989200" } });
 * const { expect } = await call.say("Are you open on Sunday?");
 * expect.containsFunctionCall({ name: "openingHours" });
 */
export class ScriptedCall implements AsyncDisposable {
  /** What the agent said first. */
  readonly greeting: string;
  readonly #session: voice.AgentSession;

  private constructor(session: voice.AgentSession, greeting: string) {
    this.#session = session;
    this.greeting = greeting;
  }

  /** @throws AgentError EVALUATION_NEEDS_TEXT_MODEL for a module whose model only talks. */
  static async begin(own: OwnAgent, options: ScriptedCallOptions = {}): Promise<ScriptedCall> {
    initializeLogger({ pretty: false, level: "silent" });
    const call = { ...CALL, ...options.call };
    const made = await own.session(call);
    const session = new voice.AgentSession({ llm: options.llm ?? textModel(made), vad: null });
    await session.start({ agent: await own.agent(call, silentTools(options.canTransfer)) });
    const greeting = session.generateReply({ instructions: own.greeting?.(call) ?? GREETING });
    await greeting.waitForPlayout();
    return new ScriptedCall(session, textOf(session));
  }

  /** @returns what the agent said and which tools it used: the framework's `RunResult`, with `expect` and, in it, `judge`. */
  say(words: string): Promise<voice.testing.RunResult> {
    return this.#session.run({ userInput: words }).wait();
  }

  /** @param keys 0-9, * and #. @returns as `say`. */
  press(keys: string): Promise<voice.testing.RunResult> {
    return this.say(`${KEYS} ${keys}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session.close();
  }
}

type TextModel = Exclude<voice.AgentSessionOptions["llm"], llm.RealtimeModel | undefined>;

function textModel(made: voice.AgentSessionOptions | voice.AgentSession): TextModel {
  if (made.llm !== undefined && !(made.llm instanceof llm.RealtimeModel)) return made.llm;
  throw new AgentError(
    "EVALUATION_NEEDS_TEXT_MODEL",
    "The module's model only talks: give `llm`, a model that reads and writes, to ScriptedCall.begin.",
  );
}

/** What a model is shown is the same as in a call. */
function silentTools(canTransfer = false): CallTools {
  const telephony = { transferTargets: canTransfer ? ["+4989100"] : [] };
  const tools = callTools({}, { ...SILENCE, ...telephony });
  const silent = Object.entries(tools).map(([name, tool]) => [name, { ...tool, execute: async () => "Done" }]);
  return Object.fromEntries(silent) as CallTools;
}

const SILENCE = { silence: { askAfterMs: 0, endAfterMs: 0 }, callLimitMs: 0 };

function textOf({ history }: voice.AgentSession): string {
  const said = history.items.filter((item) => item.type === "message" && item.role === "assistant");
  return said.map((item) => (item.type === "message" ? (item.textContent ?? "") : "")).join(" ");
}
