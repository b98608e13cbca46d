import type { AgentReport, CallContext } from "@trunkline/shared";
import type { EndReason } from "../call-end.ts";
import type { CallTimes } from "../call-times.ts";

/** What is known of a call at its end. */
export interface CallSummary {
  reason: EndReason;
  times: CallTimes;
  report: AgentReport;
}

/** One call's trace. */
export interface CallTrace {
  /** Whatever is traced within the work, by the framework too, belongs to the call. */
  run<T>(work: () => Promise<T>): Promise<T>;
  end(summary: CallSummary): void;
}

/** Where calls are traced to. */
export interface Tracing {
  begin(call: CallContext): CallTrace;
  /** Sends what has not been sent. Never rejects. */
  close(): Promise<void>;
}

/** Traces nothing. */
export const NO_TRACING: Tracing = {
  begin: () => ({ run: (work) => work(), end: () => undefined }),
  close: async () => undefined,
};
