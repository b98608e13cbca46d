import { type Account, emptyAccount } from "../jambonz/account.ts";
import { addApplication, addCarrier, addGateway } from "../jambonz/account-rows.ts";
import type { SandboxState } from "../start/state.ts";

/** The digest user with which LiveKit's legs authenticate. */
export const LIVEKIT_USER = "livekit";

/** Of the first webhooks of both legs, as infra/jambonz.ts declares it: a middleware that restarts is asked again. */
const HOOK_RETRIES = "#rc=5&rp=ct,5xx";

/** What `pulumi up` declares on the side of Jambonz: the phone carrier with its application, and LiveKit's carrier with its own. */
export function declaredAccount({ ports, sipPassword, webhookSecret }: SandboxState): Account {
  const account = emptyAccount({ webhookSecret });
  const hook = (path: string) => `http://127.0.0.1:${ports.middleware}/livekit-api${path}`;
  const calls = addApplication(account, "trunkline", hook(HOOK_RETRIES), hook("/status"));
  const legs = addApplication(account, "trunkline-agent-leg", hook(`/agent-leg${HOOK_RETRIES}`), hook("/status"));
  const phone = addCarrier(account, "Schmidtkom", { application_sid: calls.application_sid });
  const livekit = addCarrier(account, "LiveKit-local", {
    application_sid: legs.application_sid,
    trunk_type: "auth",
    inbound_auth_username: LIVEKIT_USER,
    inbound_auth_password: sipPassword,
    // What jambonz answers LiveKit's challenge with when it dials (flow `dial`); nothing is registered.
    register_username: LIVEKIT_USER,
    register_password: sipPassword,
  });
  addGateway(account, phone);
  addGateway(account, livekit, { port: ports.livekitSip, inbound: 0, outbound: 1 });
  return account;
}
