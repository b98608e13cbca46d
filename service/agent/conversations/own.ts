import { llm, voice } from "@livekit/agents";
import type { CallContext } from "@trunkline/shared";
import { AgentError } from "../errors.ts";
import type { CallTools, OwnAgent } from "../own-agent.ts";
import { useFrameworkLog } from "../telemetry/framework-log.ts";
import type { Preconnection } from "./models/realtime-model.ts";
import { type ModelSession, TELEPHONE } from "./models/session.ts";
import type { Talker } from "./talker.ts";

/** Loads a module of the user's. @param url of the module. @throws AgentError AGENT_MODULE_INVALID */
export async function loadOwnAgent(url: URL): Promise<OwnAgent> {
  useFrameworkLog(); // parts of the framework that a module makes at once need it
  const module = await load(url);
  const own = module.default as Partial<OwnAgent> | undefined;
  const missing = (["session", "agent"] as const).filter((name) => typeof own?.[name] !== "function");
  if (missing.length > 0) throw invalid(url, `its default export has no function ${missing.join(", and none ")}`);
  return own as OwnAgent;
}

async function load(url: URL): Promise<{ default?: unknown }> {
  try {
    return (await import(url.href)) as { default?: unknown };
  } catch (error) {
    throw invalid(url, error instanceof Error ? error.message : String(error));
  }
}

function invalid(url: URL, problem: string): AgentError {
  const file = url.pathname.split("/").at(-1);
  return new AgentError(
    "AGENT_MODULE_INVALID",
    `AGENT_MODULE "${file}" cannot be used: ${problem}. docs/OWN_AGENT.md says what it exports.`,
  );
}

/** What the session's own end leaves open, a speech model's connection say, is closed with it. OpenAI's realtime model is connected first. */
export async function ownSession(own: OwnAgent, call: CallContext): Promise<ModelSession> {
  const made = await own.session(call);
  const session = made instanceof voice.AgentSession ? made : new voice.AgentSession({ ...made, ...TELEPHONE });
  const model = session.llm instanceof llm.RealtimeModel ? await preconnected(session.llm) : undefined;
  const close = async () =>
    void (await Promise.allSettled([session.stt?.close(), session.tts?.close(), model?.close()]));
  const answersEverySound = session.llm instanceof llm.RealtimeModel && session.llm.capabilities.turnDetection;
  return { session, connect: async () => model?.connect(), answersEverySound, close };
}

async function preconnected(model: llm.RealtimeModel): Promise<Preconnection | undefined> {
  const [{ realtime }, { preconnect }] = await Promise.all([
    import("@livekit/agents-plugin-openai"),
    import("./models/realtime-model.ts"),
  ]);
  return model instanceof realtime.RealtimeModel ? preconnect(model) : undefined;
}

export async function ownTalker(own: OwnAgent, call: CallContext, tools: CallTools): Promise<Talker> {
  const [greeting, noiseCancellation] = [own.greeting?.(call), own.noiseCancellation?.(call)];
  return {
    agent: await own.agent(call, tools),
    ...(greeting !== undefined && { greeting }),
    ...(noiseCancellation && { noiseCancellation }),
  };
}
