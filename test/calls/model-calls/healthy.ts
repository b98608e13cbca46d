import { setTimeout as pause } from "node:timers/promises";
import { ModelCaller } from "../../../sandbox/calls/model-caller.ts";
import type { FlowName, PlacedCall } from "../../../sandbox/calls/system.ts";
import type { SeenEvent } from "../../../sandbox/start/event-log.ts";
import { answerMs, both, later, type Stage } from "./stage.ts";

/** A call, and what its caller did in it. */
interface Played {
  caller: ModelCaller;
  call: PlacedCall;
  /** The agent's last line of it. */
  ended: AgentEnd;
}

export interface AgentEnd {
  reason?: string;
  turns?: number;
  connectMs?: number;
  tokens?: { input: number; output: number };
  turnLatencyMs?: { mean: number; longest: number };
}

/** Callers of both flows who do all that a healthy conversation has to stand: not all at once, the machine has two cores. */
export function playHealthy(stage: Stage) {
  const silent = later(both((flow) => play(stage, flow, async () => undefined)));
  const interrupted = later(both((flow) => play(stage, flow, interrupts)));
  const pressed = later(interrupted.catch(() => undefined).then(() => both((flow) => play(stage, flow, usesKeys))));
  return { silent, interrupted, pressed };
}

export async function play<T>(
  { system }: Stage,
  flow: FlowName,
  act: (caller: ModelCaller) => Promise<T>,
): Promise<Played & { acted: T }> {
  const caller = new ModelCaller(system, flow, { holdMs: 90_000 });
  const acted = await act(caller);
  const call = await caller.over;
  return { caller, call, acted, ended: await agentsEnd(caller) };
}

export async function agentsEnd(caller: ModelCaller): Promise<AgentEnd> {
  const { fields } = await caller.saw("call.ended", 1, ({ source }: SeenEvent) => source === "agent");
  return fields as AgentEnd;
}

/** Asks in the first second of the greeting; then wants to be transferred. */
async function interrupts(caller: ModelCaller): Promise<{ spokeAt: number; askedAt: number; wantedAt: number }> {
  await caller.saw("greeting.started");
  await pause(900);
  const spokeAt = Date.now();
  await caller.say("question", 1_500);
  const askedAt = caller.silentAt;
  await pause(await answerMs());
  await caller.say("transfer");
  return { spokeAt, askedAt, wantedAt: caller.silentAt };
}

/** Presses keys, hears some, is on hold for longer than the silence that is asked about, and wants a transfer that is refused. */
async function usesKeys(caller: ModelCaller): Promise<void> {
  await caller.saw("greeting.finished");
  caller.press("1234#");
  await pause(3_000); // an answer has begun
  await caller.say("keys");
  await caller.saw("tool.finished");
  await pause(2_000);
  await caller.say("hold");
  await caller.saw("tool.finished", 2);
  await pause(9_000);
  caller.press("#");
  await pause(2_000);
  await caller.say("secondHuman");
  await caller.saw("tool.failed");
  await pause(4_500);
  await caller.say("goodbye");
}
