import { TrunklineError } from "../dynamic/errors.ts";
import type { JambonzVoipCarrierInputs } from "./voip-carrier-fields.ts";

/** What Jambonz would take but could not work with, or refuses with a text of its own (jambonz-api-server lib/routes/api/voip-carriers.js). */
export function requireConsistentCarrier(carrier: JambonzVoipCarrierInputs): void {
  const { name = carrier.adopt, trunkType, requiresRegister } = carrier;
  // Undefined is as it was found, of an adopted carrier; a new one has all of these.
  if (name === "") throw invalid(name, "a new carrier needs a name");
  if (trunkType === "auth" && (carrier.inboundUsername === "" || carrier.inboundPassword === ""))
    throw invalid(name, "trunkType auth needs inboundUsername and inboundPassword");
  if (requiresRegister && (carrier.outboundUsername === "" || carrier.outboundPassword === ""))
    throw invalid(name, "requiresRegister needs outboundUsername and outboundPassword");
  if (trunkType === "reg" && requiresRegister === false) throw invalid(name, "trunkType reg needs requiresRegister");
  if (/\s/.test(carrier.outboundUsername ?? "")) throw invalid(name, "outboundUsername has white space in it");
}

function invalid(name: string, what: string): TrunklineError {
  return new TrunklineError("INVALID_INPUT", `Carrier "${name}": ${what}.`);
}
