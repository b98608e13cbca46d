import { TrunklineError } from "../dynamic/errors.ts";
import { type Mark, sameStack } from "../dynamic/marks.ts";
import { quoted, shown } from "../text/foreign.ts";
import { type LiveKitClient, livekitClient } from "./client.ts";
import { hostKey, previousCredentials } from "./environment.ts";
import { dispatchRuleKind, inboundTrunkKind, outboundTrunkKind } from "./kinds.ts";
import { type Left, leftProjects } from "./leaving.ts";
import type { Kind } from "./ownership.ts";

/** Everything in a project that carries the mark of a stack. Rules come first: one that outlived its trunk could answer calls that match no trunk. */
export async function markedObjects(client: LiveKitClient, owner: Mark): Promise<Left[]> {
  const [rules, inbound, outbound] = await Promise.all([
    client.dispatchRules("fresh"),
    client.inboundTrunks("fresh"),
    client.outboundTrunks("fresh"),
  ]);
  return [
    ...marked("dispatch rule", dispatchRuleKind, rules, owner),
    ...marked("inbound trunk", inboundTrunkKind, inbound, owner),
    ...marked("outbound trunk", outboundTrunkKind, outbound, owner),
  ];
}

export async function removeObject(client: LiveKitClient, { kind, id }: Left): Promise<void> {
  await (kind === "dispatch rule" ? client.deleteDispatchRule(id) : client.deleteTrunk(id));
}

/** `outbound trunk ST_… "trunkline-dev" in the LiveKit project at host:port` */
export function leftText({ kind, id, name }: Left, host: string): string {
  return `${kind} ${shown(id)} ${quoted(name)} in the LiveKit project at ${hostKey(host)}`;
}

/**
 * The end of a move: removes what the stack has in the projects that it leaves, where the environment has their keys.
 * @returns what stays there, in words
 * @throws when the keys are there and the removal fails all the same: the next `up` goes on
 */
export async function removeLeft(host: string, owner: Mark): Promise<string[]> {
  const staying: string[] = [];
  for (const project of leftProjects()) {
    if (hostKey(project.host) === hostKey(host)) continue;
    const rest = await removeFrom(project.host, project.objects, host, owner);
    staying.push(...rest.map((object) => leftText(object, project.host)));
    project.objects.splice(0);
  }
  return staying;
}

async function removeFrom(left: string, kept: Left[], host: string, owner: Mark): Promise<Left[]> {
  try {
    const client = livekitClient(left);
    // The same project under another name has what is in use, with the same mark.
    const inUse = new Set((await markedObjects(livekitClient(host), owner)).map(({ id }) => id));
    const all = await markedObjects(client, owner);
    const ours = all.filter(({ id }) => kept.some((object) => object.id === id) || !inUse.has(id));
    for (const object of ours) await removeObject(client, object);
    return [];
  } catch (cause) {
    if (!isLocked(cause) || previousCredentials() !== undefined) throw cause;
    say(kept, left, cause);
    return kept;
  }
}

/** The project cannot be entered: that is no reason not to leave it. */
function isLocked(cause: unknown): cause is TrunklineError {
  const codes = ["ENVIRONMENT_MISMATCH", "MISSING_CREDENTIALS", "API_UNREACHABLE"];
  return cause instanceof TrunklineError && codes.includes(cause.code);
}

/** The engine shows what a provider prints. */
function say(kept: Left[], host: string, cause: TrunklineError): void {
  const project = `the LiveKit project at ${hostKey(host)}`;
  const names =
    kept.length === 0 ? `what this stack has in ${project}` : kept.map((each) => leftText(each, host)).join("; ");
  const why = cause.code === "API_UNREACHABLE" ? "it does not answer" : "its keys are not in the environment";
  process.stderr.write(
    `LEFT_BEHIND: ${names} stays there: ${why}. Remove it with LIVEKIT_PREVIOUS_API_KEY and LIVEKIT_PREVIOUS_API_SECRET set: npx --no-install trunkline leave --stack STACK --yes\n`,
  );
}

function marked<Live>(label: Left["kind"], kind: Kind<Live>, objects: Live[], owner: Mark): Left[] {
  return objects.flatMap((object) => {
    const mark = kind.markOf(object);
    if (mark === undefined || !sameStack(mark, owner)) return [];
    return [{ kind: label, id: kind.idOf(object), name: kind.nameOf(object) }];
  });
}
