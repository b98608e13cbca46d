import { own } from "@trunkline/contract";
import { gatewayPlans, phoneCarriers } from "./jambonz-carriers.ts";
import type { WithJambonz } from "./jambonz-common.ts";
import { livekitCarrierName } from "./jambonz-names.ts";

/** A row that a stack declares: what it is known by in Jambonz, and where the stack file says which one to take over. */
export type Claim = {
  /** Below `jambonz`: `["adopt", "phoneCarrier"]`. */
  setting: string[];
  /** What the stack file says there; empty for nothing. */
  adopt: string;
} & (
  | { kind: "application"; name: string | undefined }
  | { kind: "carrier"; name: string | undefined }
  | { kind: "gateway"; carrier: number; address: string; port: number }
  | { kind: "phone number"; carrier: number; number: string }
);

/** What is needed of the settings. */
export type Claiming = Pick<WithJambonz, "stack" | "jambonz" | "presentedNumbers" | "sipUsername">;

/** All rows of a stack; `carrier` of gateways and numbers is the place of theirs in the list. */
export function claimsOf(settings: Claiming): Claim[] {
  const { adopt } = settings.jambonz;
  const claims: Claim[] = [
    {
      kind: "application",
      name: `trunkline-${settings.stack}`,
      setting: ["adopt", "callsApplication"],
      adopt: adopt.callsApplication,
    },
    {
      kind: "application",
      name: `trunkline-${settings.stack}-agent-leg`,
      setting: ["adopt", "agentLegApplication"],
      adopt: adopt.agentLegApplication,
    },
    {
      kind: "carrier",
      name: livekitCarrierName(settings),
      setting: ["adopt", "livekitCarrier"],
      adopt: adopt.livekitCarrier,
    },
  ];
  for (const phone of phoneCarriers(settings as WithJambonz)) {
    const isFirst = phone.key === "phone";
    const at = (first: string, other: string) => (isFirst ? ["adopt", first] : ["phoneCarriers", phone.key, other]);
    const carrier =
      claims.push({
        kind: "carrier",
        name: phone.settings.name,
        setting: at("phoneCarrier", "adopt"),
        adopt: phone.adopt,
      }) - 1;
    for (const { key, address, port } of gatewayPlans(phone.settings)) {
      const setting = [...at("phoneGateways", "adoptGateways"), key];
      claims.push({ kind: "gateway", carrier, address, port, setting, adopt: own(phone.adoptGateways, key) ?? "" });
    }
    for (const number of phone.calledNumbers) {
      const setting = [...at("phoneNumbers", "adoptNumbers"), number];
      claims.push({ kind: "phone number", carrier, number, setting, adopt: own(phone.adoptNumbers, number) ?? "" });
    }
  }
  return claims;
}
