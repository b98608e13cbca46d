import { randomUUID } from "node:crypto";
import { type Account, type ApplicationRow, emptyAccount, type VoipCarrierRow } from "../jambonz/account.ts";
import type { SandboxState } from "./state.ts";

/** The digest user with which LiveKit's legs authenticate: `trunkline:sipUsername` of the stack `local`. */
export const LIVEKIT_USER = "livekit";

/** The Jambonz side of the stack `local`: the phone carrier with its application, and LiveKit's carrier with its own. */
export function sandboxAccount(state: SandboxState): Account {
  const account = emptyAccount({ webhookSecret: state.webhookSecret });
  const origin = `http://127.0.0.1:${state.ports.middleware}`;
  const calls = application(account, "trunkline", `${origin}/livekit-api`, `${origin}/livekit-api/status`);
  const legs = application(
    account,
    "trunkline-agent-leg",
    `${origin}/livekit-api/agent-leg`,
    `${origin}/livekit-api/status`,
  );
  const phone = carrier(account, "Schmidtkom", calls, { trunk_type: "static_ip" });
  const livekit = carrier(account, "LiveKit-local", legs, {
    trunk_type: "auth",
    inbound_auth_username: LIVEKIT_USER,
    inbound_auth_password: state.sipPassword,
    // What jambonz answers LiveKit's challenge with when it dials (flow `dial`); nothing is registered.
    register_username: LIVEKIT_USER,
    register_password: state.sipPassword,
  });
  account.applications.push(calls, legs);
  account.voip_carriers.push(phone, livekit);
  account.sip_gateways.push(
    gateway(phone, 5060, { inbound: 1, outbound: 0 }),
    gateway(livekit, state.ports.livekitSip, { inbound: 0, outbound: 1 }),
  );
  return account;
}

function application(account: Account, name: string, callHook: string, statusHook: string): ApplicationRow {
  const hook = (url: string) => ({
    webhook_sid: randomUUID(),
    url,
    method: "POST" as const,
    username: null,
    password: null,
  });
  return {
    application_sid: randomUUID(),
    account_sid: account.account_sid,
    name,
    call_hook: hook(callHook),
    call_status_hook: hook(statusHook),
  };
}

function carrier(account: Account, name: string, app: ApplicationRow, given: Partial<VoipCarrierRow>): VoipCarrierRow {
  return {
    voip_carrier_sid: randomUUID(),
    account_sid: account.account_sid,
    service_provider_sid: account.service_provider_sid,
    name,
    application_sid: app.application_sid,
    trunk_type: "static_ip",
    inbound_auth_username: null,
    inbound_auth_password: null,
    register_username: null,
    register_password: null,
    requires_register: 0,
    e164_leading_plus: 0,
    tech_prefix: null,
    is_active: 1,
    ...given,
  };
}

function gateway(
  owner: VoipCarrierRow,
  port: number,
  direction: { inbound: 0 | 1; outbound: 0 | 1 },
): Account["sip_gateways"][number] {
  return {
    sip_gateway_sid: randomUUID(),
    voip_carrier_sid: owner.voip_carrier_sid,
    ipv4: "127.0.0.1",
    netmask: 32,
    port,
    is_active: 1,
    protocol: "udp",
    ...direction,
  };
}
