import type { Account } from "../account.ts";
import type { JambonzEventType } from "../events.ts";
import type { Leg } from "../leg.ts";
import type { InviteEvent } from "../protocol.ts";
import type { Queues } from "../queues.ts";
import type { CallInfo } from "../webhooks/call-info.ts";
import type { HookReference } from "../webhooks/requestor.ts";

/** Why a running verb is ended: the call is over, or other verbs take its place. */
export type KillReason = "hangup" | "replaced";

/**
 * What a verb needs before it runs (read: feature-server lib/session/call-session.js _evaluatePreconditions).
 * `media` answers the call, or sends 183 with SDP for a verb with early media; a verb whose `answered` or
 * `unanswered` is not met is skipped.
 */
export type Precondition = "nothing" | "media" | "answered" | "unanswered";

/** Ends the verb that throws it, but not the list. */
export class NonFatalError extends Error {}

/** One verb of an application, about to run or running. */
export interface Verb {
  readonly name: string;
  readonly needs: Precondition;
  readonly earlyMedia: boolean;
  /** Runs to its end. A throw ends the whole call. `nested`: within a waitHook, whose action hooks replace nothing. */
  run(call: Call, nested: boolean): Promise<void>;
  /** Ends it early; may be called more than once. */
  kill(reason: KillReason): void;
}

/** The members every verb may have. */
export interface VerbData {
  id?: string;
  actionHook?: HookReference;
}

/** Verbs that run inside another verb (a waitHook's). */
export interface NestedRun {
  done: Promise<void>;
  kill(): void;
}

/** What a verb may do with its call. */
export interface Call {
  readonly info: CallInfo;
  readonly leg: Leg;
  readonly invite: InviteEvent;
  readonly account: Account;
  readonly queues: Queues;
  /** The call is over on both sides; answers of hooks change nothing any more. */
  readonly gone: boolean;
  readonly answered: boolean;
  answer(): void;
  /** Final answer ≥ 300; the call is over. */
  decline(status: number, reason: string | undefined, headers: Record<string, string>): void;
  /** BYE; the call is over. */
  hangUp(headers?: Record<string, string>): void;
  /** Posts to a hook of this call. Throws HookError. */
  hook(kind: string, reference: HookReference, payload: object): Promise<unknown>;
  /** The verb's actionHook, if it has one; its answer replaces the application unless `expectAnswer` is false. */
  performAction(verb: VerbData, results: object, expectAnswer?: boolean): Promise<void>;
  /** Verbs of a webhook's answer, validated as the server does. Throws. */
  verbsOf(answer: unknown): Verb[];
  replace(verbs: Verb[]): void;
  runNested(verbs: Verb[]): NestedRun;
  /** Another leg on behalf of this call. */
  newLeg(): Leg;
  /** A status hook for this leg or a child's. */
  notify(info: CallInfo): void;
  /** Where REFERs of this leg are reported to, or none. */
  setReferHook(hook: HookReference | undefined): void;
  /** Hooks go to another origin from now on, without the old one's credentials. */
  setOrigin(actionHook: HookReference, statusHook: HookReference | undefined): void;
  report(type: JambonzEventType, details: Record<string, unknown>): void;
}
