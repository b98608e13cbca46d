import { redactor } from "../../service/shared/index.ts";
import { pulumiFor } from "../drift/pulumi.ts";
import { wantsHelp } from "../options.ts";
import { type CommandIO, processIO } from "../output/io.ts";
import { gather } from "../ticket/gather.ts";
import { ticketText } from "../ticket/markdown.ts";
import { parseTicketOptions, TICKET_HELP } from "../ticket/options.ts";

/** `trunkline ticket`: a support ticket in Markdown, without secrets and whole phone numbers. Only looks. */
export async function ticket(args: string[], io: CommandIO = processIO()): Promise<number> {
  if (wantsHelp(args)) return io.done(0, TICKET_HELP);
  const options = parseTicketOptions(args);
  const { facts, confidential } = await gather(options, await pulumiFor(options.stack, io));
  return io.done(facts.missing.length === 0 ? 0 : 1, ticketText(facts, redactor(confidential)));
}
