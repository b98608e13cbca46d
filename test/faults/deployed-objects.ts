import type { Account } from "../../sandbox/jambonz/account.ts";

/** What is live in LiveKit and Jambonz, as their APIs tell it. */
export interface LiveObjects {
  outbound: object[];
  inbound: object[];
  rules: object[];
  account: Pick<Account, "applications" | "voip_carriers" | "sip_gateways" | "phone_numbers">;
}

/** One object of the state. */
export interface Declared {
  type: string;
  id: string;
}

/** Kinds of resources that are one object in LiveKit or Jambonz; the others (guard, clean-up) are none. */
const ONE_OBJECT =
  /:(SipOutboundTrunk|SipInboundTrunk|SipDispatchRule|Application|VoipCarrier|SipGateway|PhoneNumber)$/;

/** The objects in a state, from `pulumi stack export`. */
export function declaredBy(exported: string): Declared[] {
  const { deployment } = JSON.parse(exported) as { deployment: { resources?: { type: string; id?: string }[] } };
  return (deployment.resources ?? []).flatMap(({ type, id }) =>
    id !== undefined && ONE_OBJECT.test(type) ? [{ type, id }] : [],
  );
}

/** Live objects without state, state without live objects, objects twice in either. Empty = all is well. */
export function unmatched(live: LiveObjects, declared: readonly Declared[]): string[] {
  const liveIds = idsOf(live);
  const declaredIds = declared.map(({ id }) => id);
  return [
    ...liveIds.filter((id) => !declaredIds.includes(id)).map((id) => `${id} is live, and in no state`),
    ...declaredIds.filter((id) => !liveIds.includes(id)).map((id) => `${id} is in the state, and not live`),
    ...declaredIds.filter((id, index) => declaredIds.indexOf(id) !== index).map((id) => `${id} is twice in the state`),
  ];
}

/** The same for two sets of live objects that differ in nothing but their ids. */
export function shapeOf(live: LiveObjects): string[] {
  const ids = idsOf(live);
  const all = [...live.outbound, ...live.inbound, ...live.rules, ...rowsOf(live)];
  return all.map((item) => withoutIds(JSON.stringify(item), ids)).sort();
}

function idsOf({ outbound, inbound, rules, account }: LiveObjects): string[] {
  const field = (items: object[], name: string) => items.map((item) => String((item as Record<string, unknown>)[name]));
  return [
    ...field([...outbound, ...inbound], "sipTrunkId"),
    ...field(rules, "sipDispatchRuleId"),
    ...field(account.applications, "application_sid"),
    ...field(account.voip_carriers, "voip_carrier_sid"),
    ...field(account.sip_gateways, "sip_gateway_sid"),
    ...field(account.phone_numbers, "phone_number_sid"),
  ];
}

function rowsOf({ account }: LiveObjects): object[] {
  return [...account.applications, ...account.voip_carriers, ...account.sip_gateways, ...account.phone_numbers];
}

/** Ids of webhook rows belong to their application. Times say when, not what. */
function withoutIds(text: string, ids: readonly string[]): string {
  const own = text
    .replaceAll(/"webhook_sid":"[^"]*"/g, '"webhook_sid":"…"')
    .replaceAll(/(?<=stackId\\*":\\*"| #)[a-z2-7]{20}/g, "…") // a stack that begins anew has another identity
    .replaceAll(/"(created|updated)At":"[^"]*",?/g, "");
  return ids.reduce((shape, id) => shape.replaceAll(id, "…"), own);
}
