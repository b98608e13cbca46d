import { TIMERS } from "@trunkline/shared";

/** A failed request to LiveKit, as far as the policy looks at it. */
export interface Failure {
  /** The HTTP status, if there was an answer. */
  readonly status?: number | undefined;
  readonly message: string;
}

/**
 * The pause in ms before CreateSIPParticipant is tried again, undefined when it must not be.
 * Only `503 cpu exhausted` is safe to repeat: it is answered before any INVITE is sent (measured on livekit-sip 1.8.0).
 * @param failures how many tries have failed so far, this one included
 */
export function legRetryPauseMs(failure: Failure, failures: number): number | undefined {
  const exhausted = failure.status === 503 && /cpu exhausted/i.test(failure.message);
  return exhausted ? TIMERS.cpuExhaustedRetriesMs[failures - 1] : undefined;
}

/**
 * The pause in ms before CreateRoom is tried again, undefined when it must not be.
 * Only `could not find any available nodes` is safe to repeat: a server is chosen before anything is made (read: livekit-server 1.13.5,
 * service/roomservice.go). So LiveKit answers until its servers have told Redis of themselves again, which they do every 2 s.
 * @param failures how many tries have failed so far, this one included
 */
export function roomRetryPauseMs(failure: Failure, failures: number): number | undefined {
  const hasNoServer = failure.status === 500 && /could not find any available nodes/i.test(failure.message);
  return hasNoServer ? TIMERS.noServerRetriesMs[failures - 1] : undefined;
}

/** Whether nobody knows if the request was carried out: then look first, and never just repeat. */
export function isOutcomeUnknown(failure: Failure): boolean {
  return failure.status === undefined;
}

/** Whether LiveKit is there and does not want it: it would refuse the same again. */
export function isRefusal({ status }: Failure): boolean {
  return status !== undefined && status >= 400 && status < 500;
}

/** Whether there is no such room, or none that anything could be done with. */
export function isGone(failure: Failure): boolean {
  return failure.status === 404 || isOrphaned(failure);
}

/**
 * Whether a room may have outlived its server: one that was killed leaves its rooms in LiveKit's lists. Requests for them are not answered,
 * some two minutes later with `could not find object`, until a living server has made them its own (measured on livekit-server 1.13.5).
 */
export function mayBeOrphaned(failure: Failure): boolean {
  return isOrphaned(failure) || isOutcomeUnknown(failure);
}

function isOrphaned(failure: Failure): boolean {
  return failure.status === 500 && /could not find object/i.test(failure.message);
}
