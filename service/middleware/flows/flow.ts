import type { CallContext, CallFlow } from "@trunkline/shared";
import type { HookUrls } from "../jambonz/hook-urls.ts";
import type { Verb } from "../jambonz/verbs.ts";

/** How a caller and the agent are brought together; everything else is the same for all calls. */
export interface Flow {
  readonly name: CallFlow;
  /** What the caller's webhook is answered once the room is there. */
  answer(call: CallContext, hooks: HookUrls): Verb[];
  /** The same without the announcement: for a caller who has heard it. */
  answerAgain(call: CallContext, hooks: HookUrls): Verb[];
  /** What the agent's leg is answered when it arrives at jambonz. */
  join(call: CallContext, callerSid: string, hooks: HookUrls): Verb[];
  /** Starts the agent's leg; resolves to LiveKit's id of it, where it has told one, once it has accepted it. Only `callback` has one of its own. */
  connect(call: CallContext): Promise<string | undefined>;
}
