import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { heardBy, longestSilence, scoreOf } from "../../sandbox/calls/heard.ts";
import { OPERATOR } from "../../sandbox/calls/operator.ts";
import { type FlowName, System } from "../../sandbox/calls/system.ts";
import type { AnswerFault, ConnectFault, ServiceName } from "../../sandbox/models/fault.ts";
import type { Line } from "../../sandbox/models/lines.ts";
import type { Models } from "../../sandbox/models/models.ts";
import { PHRASES } from "../../sandbox/models/script.ts";
import { requireSpeech } from "../../sandbox/toolchain/debian.ts";
import { failurePhrase } from "../../service/agent/audio/phrases.ts";
import { samplesOfWav } from "../../service/agent/audio/wav.ts";
import { likeness } from "./likeness.ts";
import { invitedAt, lengthOf, linesOf, ModelCaller } from "./model-caller.ts";

// Real calls with the conversations that people pay for, judged by what their callers hear. The calls of a test run beside each other.
jest.setTimeout(120_000);

/** Skipped without it: 12 minutes, and on 2026-11-28 three of nine cases of each conversation did not pass yet (docs/AGENT.md). */
const isWanted = process.env.TRUNKLINE_MODEL_CALLS === "1";

const FLOWS = ["callback", "dial"] as const satisfies FlowName[];
const NOTHING = { rooms: [], calls: [], legs: 0 };
/** The agent may refer to it, the middleware does not dial it. */
const FOREIGN = "+4989300999";
/** The first tone of the one that tells of a failure. */
const FAILURE_HZ = 950;
const FILLER_HZ = 450;
/** Of the good-bye of an agent without a voice. */
const SIGNAL_HZ = 750;
const HOLD_HZ = 500;
/** Of a line's end: the marker's last window, and the network's jitter. */
const CUT_MS = 350;

const system = new System();
let models: Models;

beforeAll(async () => {
  if (!isWanted) return;
  await requireSpeech(() => undefined);
  await system.startServers();
  await system.startMiddleware();
}, 300_000); // the servers may have to be built first

afterAll(() => (isWanted ? system.stop() : undefined));

const both = <T>(work: (flow: FlowName) => Promise<T>) => Promise.all(FLOWS.map(work));

/** A caller of each flow who has been greeted. */
const greeted = (holdMs = 60_000) =>
  both(async (flow) => {
    const caller = new ModelCaller(system, flow, { holdMs });
    await caller.saw("greeting.finished");
    return caller;
  });

const hears = (hz: number, caller: { heard: { hz: number }[] }) =>
  caller.heard.some((tone) => Math.abs(tone.hz - hz) < 15);

(isWanted ? describe : describe.skip).each([
  ["realtime", { connects: ["realtime"], answers: ["realtime"] }],
  ["pipeline", { connects: ["stt", "tts"], answers: ["llm", "tts"] }],
] as const)("the conversation %s", (conversation, services) => {
  beforeAll(async () => {
    await system.agent?.stop("SIGKILL"); // of the conversation before
    models = await system.startModelAgent(conversation, {
      TRANSFER_TARGETS: `${OPERATOR},${FOREIGN}`,
      AGENT_SILENCE_SECONDS: "5",
      AGENT_PERSON: JSON.stringify({ language: "de" }),
    });
  }, 60_000);
  afterEach(async () => {
    models.faults.heal();
    system.hooks.reset();
    expect(await system.leftovers()).toEqual(NOTHING);
  });
  test("greets, answers, and says good-bye: each is heard whole, the caller's wait is what the record says", async () => {
    const callers = await greeted();
    const asked = await Promise.all(
      callers.map(async (caller) => {
        await caller.say("question");
        const { silentAt } = caller;
        await pause(6_500);
        await caller.say("goodbye");
        return silentAt;
      }),
    );
    for (const [index, caller] of callers.entries()) {
      const call = await caller.over;
      const lines = linesOf(call);
      expect(lines.map(({ line }) => line)).toEqual(["greeting", "answer", "goodbye"]);
      for (const { line, fromMs, toMs } of lines)
        expect({ line, heard: toMs - fromMs > (await lengthOf(line)) - CUT_MS }).toEqual({ line, heard: true });
      expect(call.caller.endedBy).toBe("callee");
      const waitedMs = invitedAt(call) + (lines[1]?.fromMs ?? Number.NaN) - (asked[index] ?? Number.NaN);
      const { fields } = await caller.saw("call.ended", 1);
      const { reason, turns, connectMs, tokens, turnLatencyMs } = await agentsEnd(caller);
      expect({ reason, turns }).toEqual({ reason: "agent_hung_up", turns: 2 });
      expect(fields).toBeDefined();
      expect(connectMs).toBeGreaterThan(0);
      expect(tokens?.input).toBeGreaterThan(0);
      expect(tokens?.output).toBeGreaterThan(0);
      const isNear = Math.abs((turnLatencyMs?.mean ?? Number.NaN) - waitedMs) < 350;
      expect({ turnLatencyMs, waitedMs, isNear }).toEqual({ turnLatencyMs, waitedMs, isNear: true });
    }
    expect(languages()).toEqual(conversation === "realtime" ? ["de"] : ["de", "de"]);
  });

  /** What the agent's last line says of a call. */
  async function agentsEnd(caller: ModelCaller): Promise<{
    reason?: string;
    turns?: number;
    connectMs?: number;
    tokens?: { input: number; output: number };
    turnLatencyMs?: { mean: number };
  }> {
    const id = await caller.id;
    let ended: object | undefined;
    await system.events.waitFor(({ event, source, callId, fields }) => {
      if (event === "call.ended" && source === "agent" && callId === id) ended ??= fields;
      return ended !== undefined;
    }, 10_000);
    return ended ?? {};
  }

  /** The languages that speech models were asked for. */
  function languages(): string[] {
    const audio = models.of("realtime").at(-1)?.settings.audio as
      | { input: { transcription: { language: string } } }
      | undefined;
    if (conversation === "realtime") return [audio?.input.transcription.language ?? ""];
    const stt = models.of("stt").at(-1)?.settings.settings as { language: string };
    return [stt.language, String(models.of("tts").at(-1)?.settings.language)];
  }

  test("what a caller says in the first second of the greeting is heard, ends it, and is answered", async () => {
    const callers = FLOWS.map((flow) => new ModelCaller(system, flow));
    await Promise.all(
      callers.map(async (caller) => {
        await caller.saw("caller.active");
        await caller.saw("greeting.started");
        await pause(900);
        await caller.say("question", 1_500);
        await pause(6_500);
        await caller.say("goodbye");
      }),
    );
    for (const caller of callers) {
      const lines = linesOf(await caller.over);
      expect(lines.map(({ line }) => line)).toEqual(["greeting", "answer", "goodbye"]);
      const [{ fromMs, toMs } = { fromMs: Number.NaN, toMs: Number.NaN }] = lines;
      expect(toMs - fromMs).toBeLessThan(3_000);
    }
  });

  test("transfers after its announcement; a transfer that is refused is told, and the call goes on", async () => {
    system.hooks.fate = (path) =>
      path === "/operator" ? { verbs: [{ verb: "play", url: "tone_stream://%(2000,0,1100)" }] } : {};
    const [well, refused] = await Promise.all([greeted(), greeted()]);
    await Promise.all(well.map((caller) => caller.say("transfer")));
    await Promise.all(
      refused.map(async (caller) => {
        await caller.say("secondHuman");
        await caller.saw("tool.failed");
        await pause(4_500);
        await caller.say("goodbye");
      }),
    );
    for (const caller of well) {
      const call = await caller.over;
      const [, announcement] = linesOf(call);
      expect(announcement?.line).toBe("announcement");
      const { toMs = Number.NaN, fromMs = Number.NaN } = announcement ?? {};
      expect(toMs - fromMs).toBeGreaterThan((await lengthOf("announcement")) - CUT_MS);
      expect(scoreOf(call.caller).at(-1)).toBe("operator");
    }
    for (const caller of refused) {
      const told: Line[] = linesOf(await caller.over).map(({ line }) => line);
      expect(told).toEqual(["greeting", "announcement", "other", "goodbye"]);
      expect((await caller.saw("tool.failed")).fields).toMatchObject({ tool: "transferCall" });
    }
  });

  test("keys reach the model and are a sign of life; a model presses keys and puts callers on hold", async () => {
    const callers = await greeted();
    await Promise.all(
      callers.map(async (caller) => {
        for (const key of "1234") {
          caller.press(key);
          await pause(1_200);
        }
        await pause(5_500); // entered 1.5 s after the last, then answered
        await caller.say("keys");
        await pause(4_000);
        await caller.say("hold");
        await pause(8_000); // longer than the silence that is asked about
        caller.press("#");
        await pause(5_000);
        await caller.say("goodbye");
      }),
    );
    const session = (text: string) => models.sessions.some(({ texts }) => texts.some((one) => one.text.includes(text)));
    expect(session("1234")).toBe(true);
    for (const caller of callers) {
      const call = await caller.over;
      expect(caller.heardKeys).toBe("123");
      expect(hears(HOLD_HZ, call.caller)).toBe(true);
      expect(linesOf(call).map(({ line }) => line)).not.toContain("stillThere");
    }
  });

  test("a silent caller is asked whether they are there, and told good-bye, both in the model's voice", async () => {
    for (const caller of await greeted()) {
      const call = await caller.over;
      expect(linesOf(call).map(({ line }) => line)).toEqual(["greeting", "stillThere", "goodbye"]);
      expect(call.caller.endedBy).toBe("callee");
      expect(hears(SIGNAL_HZ, call.caller)).toBe(false);
      expect(await agentsEnd(caller)).toMatchObject({ reason: "caller_silent" });
    }
  });

  test("an agent is ready when its model is connected: callers hear music or ringing until then, and no dead air", async () => {
    for (const service of services.connects) models.faults.onConnect(service, { kind: "late", ms: 5_000 });
    const callers = FLOWS.map((flow) => new ModelCaller(system, flow));
    for (const caller of callers) {
      await caller.saw("greeting.finished");
      await caller.say("goodbye");
      const call = await caller.over;
      const [greeting] = linesOf(call);
      expect(greeting?.fromMs).toBeGreaterThan(5_000);
      const before = heardBy(call.caller).filter(({ toMs }) => toMs <= (greeting?.fromMs ?? 0));
      expect(before.map(({ what }) => what)).toContain(call.caller.heard[0]?.hz === 425 ? "ringback" : "hold");
      expect(longestSilence(call.caller, before.at(-1)?.toMs ?? 0, greeting?.fromMs ?? 0)).toBeLessThan(2_500);
    }
  });

  const refusals: ConnectFault[] = [
    { kind: "status", status: 401 },
    { kind: "status", status: 429 },
    { kind: "status", status: 503 },
    { kind: "noUpgrade" },
    { kind: "reset" },
    { kind: "hang" },
  ];
  const failures: AnswerFault[] = [{ kind: "quota" }, { kind: "error" }, { kind: "dies", afterMs: 30 }];

  test("one call's model may refuse, hang, die or run out of credit: its caller is told soon, and the calls beside it are unharmed", async () => {
    const healthy = await greeted(400_000);
    const alive = setInterval(() => {
      for (const caller of healthy) caller.press("5");
    }, 3_000);
    const cases: { service: ServiceName; fault: ConnectFault | AnswerFault; isAtConnect: boolean }[] = [
      ...services.connects.flatMap((service) => refusals.map((fault) => ({ service, fault, isAtConnect: true }))),
      ...services.answers.flatMap((service) => failures.map((fault) => ({ service, fault, isAtConnect: false }))),
    ];
    for (const [index, { service, fault, isAtConnect }] of cases.entries()) {
      if (isAtConnect) models.faults.onConnect(service, fault as ConnectFault);
      else models.faults.onAnswer(service, fault as AnswerFault);
      const caller = new ModelCaller(system, FLOWS[index % 2] as FlowName);
      const call = await caller.over;
      models.faults.heal();
      const isTold = isAtConnect ? scoreOf(call.caller).includes("speech") : hears(FAILURE_HZ, call.caller);
      const { endedBy } = call.caller;
      expect({ service, fault, isTold, endedBy }).toEqual({ service, fault, isTold: true, endedBy: "callee" });
    }
    clearInterval(alive);
    await pause(8_000);
    await Promise.all(healthy.map((caller) => caller.say("goodbye")));
    for (const caller of healthy) {
      const call = await caller.over;
      expect(linesOf(call).at(-1)?.line).toBe("goodbye");
      expect(await agentsEnd(caller)).toMatchObject({ reason: "agent_hung_up" });
    }
  }, 420_000);

  test("a model that refuses in the middle of a call: the tone within 2 s, and the sentence", async () => {
    const callers = await greeted();
    for (const service of services.answers) models.faults.onAnswer(service, { kind: "quota" });
    await Promise.all(callers.map((caller) => caller.say("question")));
    for (const caller of callers) {
      const call = await caller.over;
      const tone = call.caller.heard.find(({ hz }) => Math.abs(hz - FAILURE_HZ) < 15);
      const waitedMs = invitedAt(call) + (tone?.fromMs ?? Number.NaN) - caller.silentAt;
      expect(waitedMs).toBeLessThan(2_000 + 700); // the end of an utterance is known only after a while
      const heard = samplesOfWav(readFileSync(call.caller.recordings.heard));
      expect(likeness(heard, failurePhrase("de"))).toBeGreaterThan(0.85);
    }
  });

  test("a model that takes its time: the line does not sound dead; one that never answers fails", async () => {
    const [slow, mute] = [await greeted(), await greeted()];
    models.faults.onAnswer(services.answers[0], { kind: "slow", ms: 4_500 }, 2);
    await Promise.all(slow.map((caller) => caller.say("goodbye")));
    await pause(1_500);
    models.faults.onAnswer(services.answers[0], { kind: "mute" });
    await Promise.all(mute.map((caller) => caller.say("question")));
    for (const caller of slow) {
      const call = await caller.over;
      expect(hears(FILLER_HZ, call.caller)).toBe(true);
      expect(linesOf(call).at(-1)?.line).toBe("goodbye");
    }
    for (const caller of mute) {
      const call = await caller.over;
      expect(hears(FILLER_HZ, call.caller)).toBe(true);
      expect(hears(FAILURE_HZ, call.caller)).toBe(true);
    }
  });
});

(isWanted ? test : test.skip)("nothing that a caller or a model said is in any log", () => {
  const folder = dirname(system.agent?.log ?? "");
  const logs = readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8"));
  const said = [...Object.values(PHRASES).map(({ words }) => words), "telephone assistant", "nine to five"];
  for (const words of said)
    expect({ words, found: logs.some((log) => log.includes(words)) }).toEqual({ words, found: false });
});
