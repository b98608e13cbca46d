import { setTimeout as pause } from "node:timers/promises";
import { ModelCaller } from "../../../sandbox/calls/model-caller.ts";
import type { FlowName, PlacedCall } from "../../../sandbox/calls/system.ts";
import type { AnswerFault, ConnectFault, ServiceName } from "../../../sandbox/models/fault.ts";
import { type AgentEnd, agentsEnd } from "./healthy.ts";
import { answerMs, FLOWS, later, SERVICES, type Stage } from "./stage.ts";

/** What can go wrong when a model is reached for: a fault of its server, or a closed port. */
export type Reach = ConnectFault | { kind: "refused" };

export const REACHES: readonly Reach[] = [
  { kind: "status", status: 401 },
  { kind: "status", status: 429 },
  { kind: "status", status: 503 },
  { kind: "noUpgrade" },
  { kind: "reset" },
  { kind: "hang" },
  { kind: "refused" },
];
export const BREAKS: readonly AnswerFault[] = [{ kind: "quota" }, { kind: "error" }, { kind: "dies", afterMs: 30 }];

/** Callers on hold, to whom nothing is due: that nothing happens to their calls can be heard without a gap. */
export class HealthyCallers {
  readonly #callers: ModelCaller[];
  readonly #heldAt = Date.now();

  private constructor(callers: ModelCaller[]) {
    this.#callers = callers;
  }

  static async hold({ system }: Stage, flows: readonly FlowName[] = FLOWS, holdMs = 150_000): Promise<HealthyCallers> {
    const callers = flows.map((flow) => new ModelCaller(system, flow, { holdMs }));
    await Promise.all(
      callers.map(async (caller) => {
        await caller.saw("greeting.finished");
        await caller.say("hold");
        await caller.saw("tool.finished");
      }),
    );
    return new HealthyCallers(callers);
  }

  /** Until when they were on hold, ms since 1970, and their calls, which end with a good-bye. */
  async end(): Promise<{ fromAt: number; toAt: number; calls: { call: PlacedCall; ended: AgentEnd }[] }> {
    const [fromAt, toAt] = [this.#heldAt, Date.now()];
    const calls = this.#callers.map(async (caller) => {
      caller.press("#");
      await pause(1_500);
      await caller.say("goodbye");
      return { call: await caller.over, ended: await agentsEnd(caller) };
    });
    return { fromAt, toAt, calls: await Promise.all(calls) };
  }
}

export interface Told {
  service: ServiceName;
  fault: Reach | AnswerFault;
  call: PlacedCall;
}

/** A caller whose model cannot be reached, one after another; each call goes on while the next one begins. */
export async function unreachable(
  stage: Stage,
  cases: readonly { service: ServiceName; fault: Reach }[],
): Promise<Promise<Told>[]> {
  const { models, system } = stage;
  const told: Promise<Told>[] = [];
  for (const [index, { service, fault }] of cases.entries()) {
    const front = service === "realtime" ? models.openai : models.gateway;
    if (fault.kind === "refused") front.refuse();
    else models.faults.onConnect(service, fault, fault.kind === "hang" ? 1 : undefined);
    const caller = new ModelCaller(system, FLOWS[index % 2] as FlowName);
    if (fault.kind === "hang") await until(() => !models.faults.isArmed(service, "connect"));
    else await caller.saw("call.failed");
    if (fault.kind === "refused") await front.listen();
    models.faults.healConnect(service);
    told.push(later(caller.over.then((call) => ({ service, fault, call }))));
  }
  return told;
}

/** A caller of whose model the first answers fail, one after another. */
export async function broken(
  stage: Stage,
  cases: readonly { service: ServiceName; fault: AnswerFault }[],
): Promise<Promise<Told>[]> {
  const { models, system } = stage;
  const told: Promise<Told>[] = [];
  for (const [index, { service, fault }] of cases.entries()) {
    models.faults.onAnswer(service, fault);
    const caller = new ModelCaller(system, FLOWS[index % 2] as FlowName);
    await caller.saw("call.failed");
    models.faults.healAnswer(service);
    told.push(later(caller.over.then((call) => ({ service, fault, call }))));
  }
  return told;
}

/** Longer than a caller is left without a sound. */
const SLOW_MS = 4_500;

/** Callers whose models connect late, and then fail in one way or another while other callers are on hold. */
export function playFaulty(stage: Stage, cases: readonly { service: ServiceName; fault: Reach }[]) {
  const { models, conversation, system } = stage;
  const { connects, answers } = SERVICES[conversation];
  const [thinks = "llm", speaks] = [answers[0], answers.at(-1) ?? "tts"];
  const played = (async () => {
    const healthy = await HealthyCallers.hold(stage);
    for (const service of connects) models.faults.onConnect(service, { kind: "late", ms: 5_000 });
    const callers = FLOWS.flatMap((flow) => [0, 1].map(() => ({ flow, caller: new ModelCaller(system, flow) })));
    await Promise.all(callers.map(({ caller }) => caller.saw("agent.track_published")));
    models.faults.heal();
    await Promise.all(callers.map(({ caller }) => caller.saw("greeting.finished")));
    const [refused, mute] = [0, 1].map((n) => callers.filter((_, at) => at % 2 === n).map((one) => one.caller));
    const refusals = [{ service: thinks, fault: "quota" } as const, { service: speaks, fault: "error" } as const];
    for (const [index, { service, fault }] of refusals.entries()) {
      models.faults.onAnswer(service, { kind: fault });
      await refused?.[index]?.say("question");
      await refused?.[index]?.saw("call.failed");
      models.faults.heal();
    }
    models.faults.onAnswer(thinks, { kind: "slow", ms: SLOW_MS }, 2);
    await Promise.all((mute ?? []).map((caller) => caller.say("question")));
    await until(() => !models.faults.isArmed(thinks, "answer"));
    await pause(SLOW_MS + (await answerMs()));
    models.faults.onAnswer(thinks, { kind: "mute" });
    await Promise.all((mute ?? []).map((caller) => caller.say("question")));
    const told = await Promise.all(await unreachable(stage, cases));
    const over = (some: ModelCaller[] = []) =>
      Promise.all(some.map(async (caller) => ({ caller, call: await caller.over, ended: await agentsEnd(caller) })));
    const ends = { refused: await over(refused), mute: await over(mute) };
    models.faults.heal();
    return { ...ends, told, healthy: await healthy.end() };
  })();
  return later(played);
}

export async function until(isSo: () => boolean, limitMs = 20_000): Promise<void> {
  for (const end = Date.now() + limitMs; !isSo(); await pause(50))
    if (Date.now() > end) throw new Error("What was waited for did not come");
}
