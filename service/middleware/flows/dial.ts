import type { CallContext } from "@trunkline/shared";
import { fallbackVerbs } from "../jambonz/fallback.ts";
import type { HookUrls } from "../jambonz/hook-urls.ts";
import { decline, dialAgent, type Verb } from "../jambonz/verbs.ts";
import type { Flow } from "./flow.ts";
import type { FlowSettings } from "./settings.ts";

/** jambonz dials `call-<id>` at LiveKit while the caller hears ringing; the room and the agent are there already. */
export class DialFlow implements Flow {
  readonly name = "dial";
  readonly #settings: FlowSettings;

  constructor(settings: FlowSettings) {
    this.#settings = settings;
  }

  /** The announcement is early media: it costs the caller nothing, and the agent gets ready meanwhile. */
  answer(call: CallContext, hooks: HookUrls): Verb[] {
    const listener = { called: call.called, hooks, early: true };
    return [...this.#settings.calls.speech.verbs("announcement", listener), ...this.#dial(call, hooks, false)];
  }

  answerAgain(call: CallContext, hooks: HookUrls): Verb[] {
    return this.#dial(call, hooks, true);
  }

  /** The action hook replaces what follows the dial; that is for the case that the hook fails. */
  #dial(call: CallContext, hooks: HookUrls, isAgain: boolean): Verb[] {
    const { calls, callLimitSeconds } = this.#settings;
    const { livekitSip: route, livekitCarrier: carrier } = calls;
    const dial = dialAgent(call, { route, carrier, limitSeconds: callLimitSeconds, hooks, isAgain });
    const moment = { called: call.called, hooks, answered: false, mayDial: false };
    return [dial, ...fallbackVerbs(calls, moment)];
  }

  /** LiveKit calls nobody in this flow. */
  join(): Verb[] {
    return decline(404, "Unknown call");
  }

  async connect(): Promise<undefined> {}
}
