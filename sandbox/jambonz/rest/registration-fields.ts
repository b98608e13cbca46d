import { own } from "@trunkline/contract";
import { badRequest, type Row } from "./answer.ts";

/** What a carrier's registration columns may be, together with those that are stored (read: api-server lib/routes/api/voip-carriers.js) (seen live: jambonz-live, section 1). */
export function checkRegistration(body: Row, existing: Row = {}): void {
  const value = (name: string) => String(own(body, name) ?? own(existing, name) ?? "");
  if (body.requires_register ?? existing.requires_register) {
    for (const name of ["register_username", "register_password"])
      if (value(name).trim() === "") throw badRequest(`${name} is required when requires_register is true`);
  }
  if (/\s/.test(value("register_username"))) throw badRequest("register_username must not contain whitespace");
  if (body.register_sip_realm === "")
    throw badRequest("register_sip_realm must not be empty string; use null to fall back to gateway IP");
  for (const name of ["register_sip_realm", "register_from_domain"]) {
    const realm = own(body, name);
    if (realm && !isRealm(String(realm)))
      throw badRequest(`${name} must be a valid domain or IP address (no sip: prefix, no spaces)`);
  }
}

function isRealm(text: string): boolean {
  return !/\s/.test(text) && !/^sips?:/i.test(text) && text.includes(".");
}
