import type { Claim } from "../../infra/jambonz-claims.ts";
import { type Row, textOf } from "../../providers/jambonz/row.ts";

/** The rows of an account that a stack may take over. */
export interface AccountRows {
  applications: readonly Row[];
  carriers: readonly Row[];
  /** Of one carrier. */
  gatewaysOf(carrierSid: string): Promise<readonly Row[]>;
  numbers: readonly Row[];
}

/** A row that exists under the name, address or number of a declared one, and is not in the stack's state. */
export interface Twin {
  setting: string[];
  sid: string;
  /** For people: `carrier "Schmidtkom"`. */
  what: string;
}

/** @param known sids in the stack's state */
export async function twinsOf(
  claims: readonly Claim[],
  rows: AccountRows,
  known: ReadonlySet<string>,
): Promise<Twin[]> {
  const sids: string[] = [];
  const twins: Twin[] = [];
  for (const claim of claims) {
    const found = claim.adopt || (await rowOf(claim, rows, sids));
    sids.push(found);
    if (found !== "" && claim.adopt === "" && !known.has(found))
      twins.push({ setting: claim.setting, sid: found, what: `${claim.kind} ${nameOf(claim)}` });
  }
  return twins;
}

/** @param sids of the claims before, in their order */
async function rowOf(claim: Claim, rows: AccountRows, sids: readonly string[]): Promise<string> {
  if (claim.kind === "application") return named(rows.applications, claim.name, "application_sid");
  if (claim.kind === "carrier") return named(rows.carriers, claim.name, "voip_carrier_sid");
  const carrier = sids.at(claim.carrier) ?? "";
  if (carrier === "") return "";
  if (claim.kind === "phone number") {
    const number = claim.number.replace(/^\+/, "");
    const row = rows.numbers.find(
      (one) => textOf(one, "voip_carrier_sid") === carrier && textOf(one, "number") === number,
    );
    return textOf(row, "phone_number_sid");
  }
  const gateways = await rows.gatewaysOf(carrier);
  const row = gateways.find(
    (one) => textOf(one, "ipv4") === claim.address && Number(textOf(one, "port")) === claim.port,
  );
  return textOf(row, "sip_gateway_sid");
}

function named(rows: readonly Row[], name: string | undefined, key: string): string {
  return textOf(
    rows.find((row) => textOf(row, "name") === name),
    key,
  );
}

function nameOf(claim: Claim): string {
  if (claim.kind === "gateway") return `${claim.address}:${claim.port}`;
  return claim.kind === "phone number" ? claim.number : `"${claim.name ?? ""}"`;
}
