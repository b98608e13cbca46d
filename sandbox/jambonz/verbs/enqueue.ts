import type { Side, Taker } from "../queues.ts";
import { BEFORE_WAIT_HOOK } from "../timing.ts";
import type { HookReference } from "../webhooks/requestor.ts";
import type { Call, KillReason, NestedRun, Precondition, Verb, VerbData } from "./verb.ts";

export interface EnqueueData extends VerbData {
  name: string;
  waitHook?: HookReference;
  priority?: number;
}

const ALLOWED = ["play", "say", "pause", "leave", "tag"];

/** jambonz's name of an account's queue. */
export function queueKey(accountSid: string, name: string): string {
  return `queue:${accountSid}:${name}`;
}

/**
 * The caller waits in a queue until somebody dequeues it, or a waitHook answers `leave`, or it hangs up. No time-out;
 * silence for ever once a waitHook has failed (read: feature-server lib/tasks/enqueue.js) (seen live: jambonz-live, section 11).
 */
export class Enqueue implements Verb {
  readonly name = "enqueue";
  readonly needs: Precondition = "media";
  readonly earlyMedia = false;
  readonly #data: EnqueueData;
  readonly #over = Promise.withResolvers<void>();
  #call: Call | undefined;
  #result: "hangup" | "bridged" | "leave" | "error" = "hangup";
  #reason: KillReason | undefined;
  #taker: Taker | undefined;
  #waiting: NestedRun | undefined;
  #leaving = false;
  #parted = false;
  #since = 0;

  constructor(data: EnqueueData) {
    this.#data = data;
  }

  async run(call: Call): Promise<void> {
    this.#call = call;
    this.#since = Date.now();
    const member = { callSid: call.info.callSid, take: (taker: Taker) => this.#join(call, taker) };
    call.queues.add(this.#queue(call), member, this.#data.priority);
    if (this.#data.waitHook) void this.#entertain(call, this.#data.waitHook);
    try {
      await this.#over.promise;
      await call.performAction(this.#data, this.#outcome(call), this.#reason !== "replaced");
    } catch {
      // A bridge that failed gets no action hook, a failed action hook no answer: the next verb runs in either case.
    }
  }

  #queue(call: Call): string {
    return queueKey(call.info.accountSid, this.#data.name);
  }

  #seconds(): number {
    return Math.floor((Date.now() - this.#since) / 1000);
  }

  #outcome(call: Call) {
    return { queue_sid: this.#queue(call), queue_time: this.#seconds(), queue_result: this.#result };
  }

  /** Silence, a waitHook, its verbs, and again; any failure ends the loop but not the waiting. */
  async #entertain(call: Call, waitHook: HookReference): Promise<void> {
    try {
      let verbs = 1;
      while (verbs > 0 && !this.#reason && !this.#taker) {
        await call.leg.play({ segments: [{ kind: "silence", ms: BEFORE_WAIT_HOOK }], repeats: 1 }).done;
        if (!this.#reason) verbs = await this.#runWaitHook(call, waitHook);
      }
    } catch {
      this.#waiting = undefined;
    }
  }

  /** Returns how many verbs were run; 0 ends the loop. */
  async #runWaitHook(call: Call, waitHook: HookReference): Promise<number> {
    const verbs = call.verbsOf(await call.hook("wait", waitHook, this.#waitPayload(call)));
    const foreign = verbs.find((verb) => !ALLOWED.includes(verb.name));
    if (foreign) throw new Error(`unsupported verb in enqueue waitHook: only ${JSON.stringify(ALLOWED)}`);
    const end = verbs.findIndex((verb) => verb.name === "leave");
    const toRun = end < 0 ? verbs : verbs.slice(0, end);
    if (end >= 0) this.#leaving = true;
    if (this.#reason) return 0;
    // A real server plays these even onto a bridge that was made meanwhile; nothing can be learned from that here.
    if (toRun.length > 0 && !this.#taker) await this.#runNested(call, toRun);
    if (this.#leaving) this.#leave();
    return toRun.length;
  }

  async #runNested(call: Call, verbs: Verb[]): Promise<void> {
    this.#waiting = call.runNested(verbs);
    await this.#waiting.done;
    this.#waiting = undefined;
  }

  #waitPayload(call: Call) {
    const queue = this.#queue(call);
    return {
      queue_sid: queue,
      queue_time: this.#seconds(),
      queue_size: call.queues.size(queue),
      queue_position: call.queues.position(queue, call.info.callSid),
      call_sid: call.info.callSid,
      call_id: call.info.callId,
      customerData: call.info.customerData,
    };
  }

  #leave(): void {
    if (this.#reason) return;
    this.#result = "leave";
    this.kill("hangup");
  }

  /** Somebody wants this caller. Throws where the call is over. */
  #join(call: Call, taker: Taker): void {
    if (this.#reason) throw new Error("the caller has left the queue");
    if (this.#waiting) this.#leaving = false;
    this.#taker = taker;
    this.#waiting?.kill();
    this.#result = "bridged";
    const side: Side = { callSid: call.info.callSid, leg: call.leg, hangup: () => this.#partnerGone(call) };
    if (taker.ready(side)) return;
    // Real: the taker hung up before its first look. The caller's enqueue ends without an action hook.
    this.#result = "error";
    this.#over.reject(new Error("bridge failure"));
  }

  #partnerGone(call: Call): void {
    this.#parted = true;
    if (this.#taker) call.leg.unbridge(this.#taker.leg);
    this.#over.resolve();
  }

  kill(reason: KillReason): void {
    const first = !this.#reason;
    this.#reason = reason;
    const call = this.#call;
    if (!first || !call || this.#parted) return;
    this.#waiting?.kill();
    if (this.#taker) {
      call.leg.unbridge(this.#taker.leg);
      this.#taker.hangup();
    } else {
      call.queues.remove(this.#queue(call), call.info.callSid);
    }
    this.#over.resolve();
  }
}
