import { randomUUID } from "node:crypto";
import type { Account } from "../jambonz/account.ts";
import type { EventLog } from "../start/event-log.ts";
import type { SandboxState } from "../start/state.ts";

/** A number that may be dialled. */
export const OPERATOR = "+4989300777";

/** The number of the carrier's that calls on a caller's behalf present: it refuses any other. */
export const PRESENTED = "+4989100";

/** Whom the operator is called by, as each INVITE said it. */
export function shownToOperator(events: EventLog): unknown[] {
  const invites = events.filter(({ event, fields }) => event === "call.invite" && fields.to === OPERATOR);
  return invites.map(({ fields }) => fields.from);
}

/** Somebody who can be called over the phone carrier: its application is answered at the middleware's address, path /operator. */
export function withOperator(account: Account, ports: SandboxState["ports"]): Account {
  const phone = account.voip_carriers.find(({ name }) => name === "Schmidtkom");
  const model = account.applications[0];
  const gateway = account.sip_gateways[0];
  if (!phone || !model?.call_hook || !gateway) throw new Error("the sandbox's account has no phone carrier");
  const hook = { ...model.call_hook, webhook_sid: randomUUID(), url: `http://127.0.0.1:${ports.middleware}/operator` };
  const operator = {
    ...model,
    application_sid: randomUUID(),
    name: "operator",
    call_hook: hook,
    call_status_hook: null,
  };
  account.applications.push(operator);
  const voip_carrier_sid = phone.voip_carrier_sid;
  const outward = { port: ports.sbc, inbound: 0, outbound: 1 } as const;
  account.sip_gateways.push({ ...gateway, ...outward, sip_gateway_sid: randomUUID(), voip_carrier_sid });
  account.phone_numbers.push({
    phone_number_sid: randomUUID(),
    account_sid: account.account_sid,
    number: OPERATOR.slice(1),
    voip_carrier_sid,
    application_sid: operator.application_sid,
  });
  return account;
}
