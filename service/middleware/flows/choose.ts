import { comparableNumber } from "@trunkline/contract";
import type { CallFlow } from "@trunkline/shared";
import type { CallRooms } from "../livekit/client.ts";
import { CallbackFlow } from "./callback.ts";
import { DialFlow } from "./dial.ts";
import type { Flow } from "./flow.ts";
import type { FlowSettings } from "./settings.ts";

/** Both flows: which one a call takes is written in its context, so that any instance goes on with it. */
export function allFlows(rooms: CallRooms, settings: FlowSettings): Record<CallFlow, Flow> {
  return { callback: new CallbackFlow(rooms, settings), dial: new DialFlow(settings) };
}

/** The flow of a called number. */
export function flowFor(called: string, { callFlow, calls }: Pick<FlowSettings, "callFlow" | "calls">): CallFlow {
  return calls.flowsByNumber.get(comparableNumber(called, calls.country)) ?? callFlow;
}
