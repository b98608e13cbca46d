import { join } from "node:path";
import { GREETING } from "../../service/agent/conversations/greeting.ts";
import { placeCall } from "../callers/sipp-caller.ts";
import type { Supervisor } from "../processes/supervisor.ts";
import { type CallReport, reportCall } from "./call-report.ts";
import type { EventLog } from "./event-log.ts";
import { chooseTone } from "./tone-choice.ts";

/** Who calls whom in the calls that `npm start` places. */
export const CALLER = "+4915112345678";
export const CALLED = "+493012345678";
/** Long enough for hold music, greeting, and a second of echo. */
const HOLD_MS = 9_000;
const LIMIT_MS = 40_000;
/** The services' last log lines may arrive just after the caller has hung up. */
const SETTLE_MS = 700;

/** Places one call over SIP and RTP and reports what became of it. */
export async function makeCall(
  supervisor: Supervisor,
  target: string,
  flow: string,
  events: EventLog,
  number: number,
): Promise<CallReport> {
  const caller = await placeCall(supervisor, {
    target,
    from: CALLER,
    to: CALLED,
    toneHz: chooseTone(),
    folder: join(supervisor.folder, `call-${number}`),
    holdMs: HOLD_MS,
    timeoutMs: LIMIT_MS,
    headers: { "X-Carrier": "Schmidtkom" },
  });
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  return reportCall(
    caller,
    events.ofCall(caller.sipCallId),
    flow,
    GREETING.map(({ hz }) => hz),
  );
}
