import { shown } from "../../../providers/text/foreign.ts";
import { CliError } from "../../errors.ts";
import { PROJECT_FORMAT } from "../format.ts";

/** What a file may be, for hints. */
const FORMS = `Give what one of these writes: npx --no-install trunkline explain --export (format ${PROJECT_FORMAT}), lk sip inbound list --json, lk sip outbound list --json, lk sip dispatch list --json; or a file that lk sip … create reads.`;

/** @param where the file, and the place in it. Values of the file stay out of the message: they may be secrets. */
export function badFile(where: string, what: string, hint: string = FORMS): CliError {
  return new CliError("BAD_FILE", `${shown(where)}: ${shown(what)}`, hint);
}
