import type { Finding } from "../../providers/livekit/routing/index.ts";
import type { Cause503 } from "../doctor/causes.ts";
import type { Difference } from "../drift/difference.ts";
import type { PlannedStep } from "../drift/plan.ts";
import type { CallLog, CallView } from "./call.ts";
import type { Audience } from "./options.ts";

/** Everything a ticket is written from. */
export interface TicketFacts {
  stack: string;
  audience: Audience | undefined;
  writtenAt: Date;
  /** The stack's output `support`. */
  support: Record<string, unknown>;
  /** The stack's output `jambonz`. */
  jambonz: Record<string, unknown>;
  middlewareUrl: string | undefined;
  /** Ids of legacy objects that the stack has removed. */
  removedLegacy: string[];
  /** Declared and live, object by object; undefined: could not be compared. */
  look: { steps: PlannedStep[]; differences: Difference[] } | undefined;
  findings: Finding[];
  causes: Cause503[];
  call: CallView | undefined;
  log: CallLog | undefined;
  /** What could not be looked at, and why. */
  missing: string[];
}
