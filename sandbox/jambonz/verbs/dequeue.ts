import { audioOfUrl } from "../audio.ts";
import type { Member, Side } from "../queues.ts";
import { BEFORE_DEQUEUE, BRIDGE_TIMEOUT, DEQUEUE_POLL, sleep } from "../timing.ts";
import { queueKey } from "./enqueue.ts";
import type { Call, Precondition, Verb, VerbData } from "./verb.ts";

export interface DequeueData extends VerbData {
  name: string;
  /** Takes this caller only; without it the first of the queue. */
  callSid?: string;
  /** Seconds; without it the look-out never ends. */
  timeout?: number;
  beep?: boolean;
}

const BEEP = "tone_stream://%(100,0,941.0,1477.0);%(1400,0,350,440)";

/**
 * Takes a caller out of a queue and talks to it: first look after 1 s, then every 5 s. A `timeout` below 6 s is one
 * look (read: feature-server lib/tasks/dequeue.js).
 */
export class Dequeue implements Verb {
  readonly name = "dequeue";
  readonly needs: Precondition = "media";
  readonly earlyMedia = false;
  readonly #data: DequeueData;
  readonly #over = Promise.withResolvers<void>();
  #killed = false;
  #partner: Side | undefined;
  #bridgeTimer: NodeJS.Timeout | undefined;

  constructor(data: DequeueData) {
    this.#data = data;
  }

  async run(call: Call): Promise<void> {
    const member = await this.#find(call);
    const result = member ? await this.#talk(call, member) : "timeout";
    // Not waited for: with no further verbs the leg is hung up before the answer is there.
    call.performAction(this.#data, { dequeue_result: result }).catch(() => {});
  }

  #find(call: Call): Promise<Member | undefined> {
    const { promise, resolve } = Promise.withResolvers<Member | undefined>();
    const seconds = this.#data.timeout ?? 0;
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = seconds > 0;
      if (timedOut) resolve(undefined);
    }, seconds * 1000);
    void this.#poll(call, () => timedOut).then((member) => {
      clearTimeout(timer);
      resolve(member);
    });
    return promise;
  }

  /** Looks at least once, even when the leg has hung up by then: the caller is then taken for nobody. */
  async #poll(call: Call, timedOut: () => boolean): Promise<Member | undefined> {
    const queue = queueKey(call.info.accountSid, this.#data.name);
    await sleep(BEFORE_DEQUEUE);
    do {
      const member = call.queues.take(queue, this.#data.callSid);
      if (member) return member;
      await sleep(DEQUEUE_POLL);
    } while (!this.#killed && !timedOut());
    return undefined; // a real server's verb hangs here for ever if it was killed; that would leak
  }

  async #talk(call: Call, member: Member): Promise<"complete" | "hangup"> {
    try {
      this.#bridgeTimer = setTimeout(() => this.#over.reject(new Error("bridge timeout")), BRIDGE_TIMEOUT);
      member.take({
        callSid: call.info.callSid,
        leg: call.leg,
        ready: (caller) => this.#bridge(call, caller),
        hangup: () => this.#over.resolve(),
      });
      await this.#over.promise;
      return this.#partner ? "complete" : "hangup";
    } catch {
      return "hangup";
    } finally {
      clearTimeout(this.#bridgeTimer);
    }
  }

  #bridge(call: Call, caller: Side): boolean {
    if (this.#killed) return false;
    void this.#beepThenBridge(call, caller);
    return true;
  }

  async #beepThenBridge(call: Call, caller: Side): Promise<void> {
    if (this.#data.beep) await call.leg.play(await audioOfUrl(BEEP)).done;
    call.leg.bridge(caller.leg);
    clearTimeout(this.#bridgeTimer);
    this.#partner = caller;
    call.report("legs.joined", { with: caller.callSid });
    if (this.#killed) caller.hangup();
  }

  kill(): void {
    if (this.#killed) return;
    this.#killed = true;
    this.#partner?.hangup();
    this.#over.resolve();
  }
}
