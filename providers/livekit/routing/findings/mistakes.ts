import { prepareTrunks } from "../prepared.ts";
import type { Finding } from "../types.ts";
import { checkAccess } from "./check-access.ts";
import { checkAgents } from "./check-agents.ts";
import { checkMedia } from "./check-media.ts";
import { checkNumbers } from "./check-numbers.ts";
import { checkOutbound } from "./check-outbound.ts";
import { checkRules } from "./check-rules.ts";
import { checkUnknown } from "./check-unknown.ts";
import type { Survey } from "./survey.ts";

/** The published mistakes that a project has, beside what `lint` finds about its routing. No message has a password or a PIN in it. */
export function mistakes(survey: Survey): Finding[] {
  const prepared = prepareTrunks(survey.trunks);
  const byId = new Map(prepared.map((one) => [one.trunk.id, one]));
  const whole = { ...survey, prepared, byId };
  return [checkUnknown, checkAccess, checkRules, checkAgents, checkNumbers, checkOutbound, checkMedia].flatMap(
    (check) => check(whole),
  );
}
