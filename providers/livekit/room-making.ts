import type { SIPDispatchRuleInfo, SIPInboundTrunkInfo } from "livekit-server-sdk";
import { messageOf, TrunklineError } from "../dynamic/errors.ts";
import type { Mark } from "../dynamic/marks.ts";
import { quoted } from "../text/foreign.ts";
import { ruleClash, trunkClash } from "./clashes.ts";
import type { LiveKitClient } from "./client.ts";
import { dispatchRuleKind, inboundTrunkKind } from "./kinds.ts";
import { isStackMate, type Kind } from "./ownership.ts";
import { park } from "./parking.ts";

/** Whose objects may be put aside: the stack's own, and those that it removes as legacy. */
interface Leave {
  owner: Mark;
  legacyIds: readonly string[];
}

/** How objects of one kind are looked at and changed on one host. */
interface Shelf<Live> {
  kind: Kind<Live>;
  list(): Promise<Live[]>;
  replace(id: string, live: Live): Promise<unknown>;
  /** Why two of them cannot stand side by side. */
  clash(a: Live, b: Live): string | undefined;
  park(live: Live, id: string): Live;
}

/**
 * Writes a trunk without a moment in which it clashes with another one: what it clashes with is parked right before, and put
 * back if the write fails. The others are updated or deleted by their own resources later.
 * @throws ROUTING_CONFLICT when it clashes with what may not be put aside. Then nothing was changed.
 */
export function makingRoomForTrunk<T>(
  client: LiveKitClient,
  wanted: SIPInboundTrunkInfo,
  leave: Leave,
  write: () => Promise<T>,
): Promise<T> {
  const shelf: Shelf<SIPInboundTrunkInfo> = {
    kind: inboundTrunkKind,
    list: () => client.inboundTrunks("fresh"),
    replace: (id, trunk) => client.replaceInboundTrunk(id, trunk),
    clash: trunkClash,
    park,
  };
  return client.exclusively(() => makingRoom(shelf, wanted, leave, write));
}

/** The same for a rule. */
export function makingRoomForRule<T>(
  client: LiveKitClient,
  wanted: SIPDispatchRuleInfo,
  leave: Leave,
  write: () => Promise<T>,
): Promise<T> {
  const shelf: Shelf<SIPDispatchRuleInfo> = {
    kind: dispatchRuleKind,
    list: () => client.dispatchRules("fresh"),
    replace: (id, rule) => client.replaceDispatchRule(id, rule),
    clash: ruleClash,
    park,
  };
  return client.exclusively(() => makingRoom(shelf, wanted, leave, write));
}

async function makingRoom<Live, T>(
  shelf: Shelf<Live>,
  wanted: Live,
  leave: Leave,
  write: () => Promise<T>,
): Promise<T> {
  const inTheWay = clashing(shelf, await shelf.list(), wanted, leave);
  const parked: Live[] = [];
  try {
    for (const live of inTheWay) {
      const id = shelf.kind.idOf(live);
      await shelf.replace(id, shelf.park(live, id));
      parked.push(live);
    }
    return await write();
  } catch (cause) {
    throw await putBack(shelf, parked, cause);
  }
}

/** The live objects that clash with the wanted one and may be put aside. */
function clashing<Live>({ kind, clash }: Shelf<Live>, all: Live[], wanted: Live, leave: Leave): Live[] {
  return all.filter((live) => {
    if (kind.idOf(live) === kind.idOf(wanted)) return false;
    const why = clash(live, wanted);
    if (why === undefined) return false;
    if (isStackMate(kind, live, leave.owner)) return true;
    if (kind.markOf(live) === undefined && leave.legacyIds.includes(kind.idOf(live))) return true;
    throw conflict(kind, live, wanted, why);
  });
}

/** After a lost answer the write may have worked: what would clash with it then stays parked. */
async function putBack<Live>(shelf: Shelf<Live>, parked: Live[], cause: unknown): Promise<unknown> {
  const left: string[] = [];
  for (const live of parked) {
    const id = shelf.kind.idOf(live);
    try {
      const others = (await shelf.list()).filter((other) => shelf.kind.idOf(other) !== id);
      if (others.some((other) => shelf.clash(other, live) !== undefined)) left.push(id);
      else await shelf.replace(id, live);
    } catch {
      left.push(id);
    }
  }
  if (left.length === 0) return cause;
  const note = `${left.join(", ")} had been put aside for it and takes no calls now; the next \`pulumi up\` goes on from there.`;
  const code = cause instanceof TrunklineError ? cause.code : "PARTLY_DONE";
  return new TrunklineError(code, `${withoutCode(messageOf(cause))} ${note}`);
}

function withoutCode(message: string): string {
  return message.replace(/^[A-Z_]+: /, "");
}

function conflict<Live>(kind: Kind<Live>, live: Live, wanted: Live, why: string): TrunklineError {
  const id = kind.idOf(live);
  return new TrunklineError(
    "ROUTING_CONFLICT",
    `${kind.label} ${id} ${quoted(kind.nameOf(live))} clashes with ${quoted(kind.nameOf(wanted))}: ${why}. Nothing was changed. List ${id} among the legacy objects, take it over with adopt, or give it the called numbers it serves.`,
  );
}
