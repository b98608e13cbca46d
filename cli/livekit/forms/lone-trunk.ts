import { shown } from "../../../providers/text/foreign.ts";
import type { SipProject } from "../project.ts";
import { isMadeUp } from "./made-up-ids.ts";

/**
 * A file for `lk sip inbound create` has no id, since LiveKit gives it; the file for its rule names that id. Where there is one such trunk, and the
 * rules name one id that no trunk has, it is this trunk's.
 */
export function adoptLoneTrunk(project: SipProject): SipProject {
  const nameless = project.inboundTrunks.filter(({ sipTrunkId }) => isMadeUp(sipTrunkId));
  const known = new Set([...project.inboundTrunks, ...project.outboundTrunks].map(({ sipTrunkId }) => sipTrunkId));
  const missing = new Set(project.dispatchRules.flatMap(({ trunkIds }) => trunkIds).filter((id) => !known.has(id)));
  const [trunk] = nameless;
  const [id] = missing;
  if (trunk === undefined || id === undefined || nameless.length > 1 || missing.size > 1) return project;
  const unknown = project.unknown?.map((part) => (part.id === trunk.sipTrunkId ? { ...part, id } : part));
  const created = new Set([...(project.created ?? [])].map((one) => (one === trunk.sipTrunkId ? id : one)));
  trunk.sipTrunkId = id;
  const assumed = [`The trunk without an id is taken for ${shown(id)}, which the rules name and no trunk has.`];
  return { ...project, ...(unknown && { unknown }), created, assumed };
}
