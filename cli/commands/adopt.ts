import { stringify } from "yaml";
import { claimsOf } from "../../infra/jambonz-claims.ts";
import { JambonzClient } from "../../providers/jambonz/client.ts";
import { jambonzKeyFor } from "../../providers/jambonz/environment.ts";
import { shown } from "../../providers/text/foreign.ts";
import { ADOPT_HELP, parseAdoptOptions } from "../adopt/options.ts";
import { StackSettings } from "../adopt/stack-settings.ts";
import { type Twin, twinsOf } from "../adopt/twins.ts";
import { exportedState } from "../drift/exported-state.ts";
import { pulumiFor } from "../drift/pulumi.ts";
import { wantsHelp } from "../options.ts";
import { type CommandIO, processIO } from "../output/io.ts";

/** `trunkline adopt`: what `pulumi up` would refuse as FOREIGN_TWIN, all of it at once. Changes nothing in Jambonz. */
export async function adopt(args: string[], io: CommandIO = processIO()): Promise<number> {
  if (wantsHelp(args)) return io.done(0, ADOPT_HELP);
  const { stack, write } = parseAdoptOptions(args);
  const file = new StackSettings(io.folder, stack);
  const { ids } = await exportedState(stack, await pulumiFor(stack, io));
  const twins = await find(file.read(stack), ids, io.environment);
  if (twins.length === 0) return io.done(0, "Nothing to adopt: no row of this name exists outside the stack's state.");
  for (const { what, sid } of twins) io.print(`${shown(what)}  ${sid}`);
  if (write) {
    file.write(twins);
    return io.done(0, `Written into Pulumi.${stack}.yaml. See what changes: pulumi preview --diff --stack ${stack}`);
  }
  return io.done(2, `\nTo take them over as they are, add to trunkline:jambonz, or say --write:\n\n${linesOf(twins)}`);
}

async function find(
  settings: Parameters<typeof claimsOf>[0],
  known: ReadonlySet<string>,
  environment: NodeJS.ProcessEnv,
) {
  const { url, accountSid } = settings.jambonz;
  const client = new JambonzClient(url, jambonzKeyFor(url, environment));
  await client.account(accountSid);
  const [applications, carriers, numbers] = await Promise.all([
    client.list("Applications"),
    client.list("VoipCarriers"),
    client.list("PhoneNumbers"),
  ]);
  const gatewaysOf = (sid: string) => client.list("SipGateways", `?voip_carrier_sid=${sid}`);
  return twinsOf(claimsOf(settings), { applications, carriers, numbers, gatewaysOf }, known);
}

function linesOf(twins: readonly Twin[]): string {
  const lines = new Map<string, unknown>();
  for (const { setting, sid } of twins) put(lines, setting, sid);
  return stringify(lines);
}

function put(into: Map<string, unknown>, [first = "", ...rest]: string[], sid: string): void {
  if (rest.length === 0) into.set(first, sid);
  else {
    const below = (into.get(first) ?? new Map()) as Map<string, unknown>;
    into.set(first, below);
    put(below, rest, sid);
  }
}
