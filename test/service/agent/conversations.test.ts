import { spawnSync } from "node:child_process";

jest.setTimeout(60_000);

const KEYS = {
  echo: {},
  realtime: { OPENAI_API_KEY: "no-key" },
  pipeline: { LIVEKIT_INFERENCE_API_KEY: "no-key", LIVEKIT_INFERENCE_API_SECRET: "no-secret" },
} as const;

const LOAD = `
  import { createRequire, registerHooks } from "node:module";
  const loaded = [];
  registerHooks({ load: (url, context, next) => { loaded.push(url); return next(url, context); } });
  const { readHostConfig } = await import("./service/agent/config.ts");
  const { loadConversation } = await import("./service/agent/conversations/choose.ts");
  const { telephony, conversation, persons } = readHostConfig(process.env);
  const newConversation = await loadConversation({ telephony, conversation, persons });
  const made = newConversation();
  const packages = ["@livekit/agents/", "@livekit/agents-plugin-openai/", "@livekit/local-inference/"];
  const session = conversation.name === "echo" ? undefined : await sessionOf(conversation);
  console.log(JSON.stringify({ made: made.constructor.name, session, loaded: packages.filter((name) => loaded.some((url) => url.includes(name))) }));
  process.exit(0);
  async function sessionOf(settings) {
    const { name } = settings;
    const { realtimeSession } = name === "realtime" ? await import("./service/agent/conversations/models/realtime.ts") : {};
    const { pipelineSession } = name === "pipeline" ? await import("./service/agent/conversations/models/pipeline.ts") : {};
    const made = await (realtimeSession ?? pipelineSession)(settings)(persons.everyone);
    const { session } = made;
    return { llm: session.llm?.label?.() ?? typeof session.llm, stt: session.stt?.label, tts: session.tts?.label };
  }
`;

/** In a process of its own, as in a host: what is loaded there, and what was made. */
function load(name: keyof typeof KEYS) {
  const env = { PATH: process.env.PATH, NODE_ENV: "production", AGENT_CONVERSATION: name, ...KEYS[name] };
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", LOAD], {
    env,
    encoding: "utf8",
  });
  if (!stdout.includes("{")) throw new Error(stderr);
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as { made: string; session?: object; loaded: string[] };
}

test("the echo loads none of the framework", () => {
  expect(load("echo")).toEqual({ made: "Echo", loaded: [] });
});

test("the realtime conversation is a session with OpenAI's model", () => {
  const { made, loaded } = load("realtime");
  expect(made).toBe("Voice");
  expect(loaded).toEqual(["@livekit/agents/", "@livekit/agents-plugin-openai/"]);
});

test("the pipeline is a session with three models, and loads neither the plugin nor the local models", () => {
  const { made, loaded, session } = load("pipeline");
  expect(made).toBe("Voice");
  expect(loaded).toEqual(["@livekit/agents/"]);
  expect(session).toMatchObject({ stt: expect.any(String), tts: expect.any(String) });
});

/** What became of a call whose model has called this tool. */
function callTool(name: string, args: object, targets = "") {
  const command = ["test/service/agent/model-tools.ts", name, JSON.stringify(args), targets];
  const env = { PATH: process.env.PATH, NODE_ENV: "production" };
  const { stdout, stderr } = spawnSync(process.execPath, command, { env, encoding: "utf8", timeout: 30_000 });
  const line = stdout
    .trim()
    .split("\n")
    .find((text) => text.includes('"tools"'));
  if (line === undefined) throw new Error(stdout + stderr);
  return JSON.parse(line) as { ended?: string; acts: object[]; tools: string[] };
}

test("a model can hang up", () => {
  expect(callTool("hangUp", {})).toMatchObject({ ended: "agent_hung_up", acts: [] });
});

test("a model transfers to a declared target by its place in the list", () => {
  const { acts, ended } = callTool("transferCall", { human: 2 }, "+493055555555,+493066666666");
  expect(acts).toMatchObject([{ name: "transfer", to: "tel:+493066666666" }]);
  expect(ended).toBeUndefined();
});

test("a model cannot transfer anywhere else, and without targets not at all", () => {
  expect(callTool("transferCall", { human: 3 }, "+493055555555,+493066666666").acts).toEqual([]);
  expect(callTool("hangUp", {}).tools).toEqual(["hangUp", "pressKeys", "hold"]);
});
