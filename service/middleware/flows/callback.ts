import type { CallContext } from "@trunkline/shared";
import { fallbackVerbs } from "../jambonz/fallback.ts";
import type { HookUrls } from "../jambonz/hook-urls.ts";
import { dequeueCaller, enqueueCaller, firstTone, hearTransfers, type Verb } from "../jambonz/verbs.ts";
import type { CallRooms } from "../livekit/client.ts";
import { failureOf, repeated } from "../livekit/failure.ts";
import { isOutcomeUnknown, legRetryPauseMs } from "../policies/retry.ts";
import type { Flow } from "./flow.ts";
import type { FlowSettings } from "./settings.ts";

/** The caller waits in a queue of one's own; LiveKit calls jambonz, and that leg takes the caller out of the queue. */
export class CallbackFlow implements Flow {
  readonly name = "callback";
  readonly #rooms: CallRooms;
  readonly #settings: Pick<FlowSettings, "calls">;

  constructor(rooms: CallRooms, settings: Pick<FlowSettings, "calls">) {
    this.#rooms = rooms;
    this.#settings = settings;
  }

  answer(call: CallContext, hooks: HookUrls): Verb[] {
    const listener = { called: call.called, hooks };
    return [...this.#settings.calls.speech.verbs("announcement", listener), ...this.#queue(call, hooks)];
  }

  answerAgain(call: CallContext, hooks: HookUrls): Verb[] {
    return [...firstTone(), ...this.#queue(call, hooks)];
  }

  /** A queue whose taker hangs up within its first second ends without an action hook: what follows it is for that. */
  #queue(call: CallContext, hooks: HookUrls): Verb[] {
    const moment = { called: call.called, hooks, answered: true, mayDial: false };
    return [enqueueCaller(call.callId, hooks), ...fallbackVerbs(this.#settings.calls, moment)];
  }

  join(call: CallContext, callerSid: string, hooks: HookUrls): Verb[] {
    return [hearTransfers(hooks), dequeueCaller(call.callId, callerSid)];
  }

  connect(call: CallContext): Promise<string | undefined> {
    return repeated(() => this.#createLeg(call), legRetryPauseMs);
  }

  async #createLeg(call: CallContext): Promise<string | undefined> {
    try {
      return await this.#rooms.createAgentLeg(call);
    } catch (error) {
      if (await this.#cameThrough(call, error)) return undefined;
      throw error;
    }
  }

  /** After a time-out the leg may be there all the same; a look that fails too tells nothing. */
  async #cameThrough(call: CallContext, error: unknown): Promise<boolean> {
    if (!isOutcomeUnknown(failureOf(error))) return false;
    const room = await this.#rooms.lookInto(call.callId).catch(() => undefined);
    return room?.callerPresent === true;
  }
}
