import { type Conflict, findConflicts } from "../../providers/livekit/routing/index.ts";
import { shown } from "../../providers/text/foreign.ts";
import type { SipProject } from "../livekit/project.ts";
import { routesOf } from "../livekit/routes.ts";
import { currentIds, type RestorePlan, withNewIds } from "./plan.ts";

/** The calls that would be refused once everything is back: a restore may bring back why the objects were removed. */
export function clashesAfter(plan: RestorePlan, live: SipProject): string[] {
  const made = missing(plan.trunks);
  const ids = currentIds(plan.trunks);
  const isNew = new Set([...made, ...missing(plan.rules)].map(({ id }) => id));
  // Until they are made, the new objects go by their old ids.
  const { trunks, rules } = routesOf({
    ...live,
    inboundTrunks: [...live.inboundTrunks, ...made.map(({ object }) => object)],
    dispatchRules: [...live.dispatchRules, ...missing(plan.rules).map(({ object }) => withNewIds(object, ids))],
  });
  const concerns = (clashing: Conflict["ids"]) => clashing.some((id) => isNew.has(id));
  return findConflicts(trunks, rules, { concerns })
    .filter(({ spoofed }) => !spoofed)
    .map(clashText);
}

function missing<Copy>(restored: { copy: Copy; liveId: string | undefined }[]): Copy[] {
  return restored.filter(({ liveId }) => liveId === undefined).map(({ copy }) => copy);
}

function clashText({ ids, example, sip }: Conflict): string {
  const call = `a call from ${example.caller || "an anonymous caller"} to ${example.called || "any number"}`;
  const text = `${call} from address ${example.sourceAddress} is answered ${sip.status ?? ""} ${sip.reason}`;
  return shown(`${ids.join(" and ")}: ${text}`, MOST_OF_TEXT);
}

const MOST_OF_TEXT = 1_000;
