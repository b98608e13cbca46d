import { SIPDispatchRuleInfo, SIPInboundTrunkInfo } from "livekit-server-sdk";
import { quoted } from "../../providers/text/foreign.ts";
import { CliError } from "../errors.ts";
import { type Connection, change } from "../livekit/connection.ts";
import { type RestorePlan, withNewIds } from "./plan.ts";

/** What was done, in order. */
export interface Step {
  action: "created" | "found" | "rewritten";
  kind: "inboundTrunk" | "dispatchRule";
  name: string;
  oldId: string;
  id: string;
}

/**
 * Trunks first, then their rules, then the live rules that pointed to them. What fails stops it; a second run goes on
 * there, since it finds what was made.
 */
export async function applyRestore(
  connection: Connection,
  plan: RestorePlan,
  onStep: (step: Step) => void,
): Promise<void> {
  const ids = new Map<string, string>();
  for (const { copy, oldIds, liveId } of plan.trunks) {
    const id = liveId ?? (await createTrunk(connection, copy.object));
    for (const oldId of oldIds) ids.set(oldId, id);
    onStep({ action: liveId ? "found" : "created", kind: "inboundTrunk", name: copy.object.name, oldId: copy.id, id });
  }
  for (const { copy, liveId } of plan.rules) {
    const id = liveId ?? (await createRule(connection, withNewIds(copy.object, ids)));
    onStep({ action: liveId ? "found" : "created", kind: "dispatchRule", name: copy.object.name, oldId: copy.id, id });
  }
  for (const rule of plan.pointing) {
    const id = rule.sipDispatchRuleId;
    await change(connection, "UpdateSIPDispatchRule", {
      sipDispatchRuleId: id,
      replace: withNewIds(rule, ids).toJson(),
    });
    onStep({ action: "rewritten", kind: "dispatchRule", name: rule.name, oldId: id, id });
  }
}

async function createTrunk(connection: Connection, trunk: SIPInboundTrunkInfo): Promise<string> {
  const wanted = trunk.clone();
  wanted.sipTrunkId = "";
  const answer = await change(connection, "CreateSIPInboundTrunk", { trunk: wanted.toJson() });
  return idIn(SIPInboundTrunkInfo.fromJson((answer ?? {}) as Json, LENIENT).sipTrunkId, trunk.name);
}

async function createRule(connection: Connection, rule: SIPDispatchRuleInfo): Promise<string> {
  const wanted = rule.clone();
  wanted.sipDispatchRuleId = "";
  const answer = await change(connection, "CreateSIPDispatchRule", { dispatchRule: wanted.toJson() });
  return idIn(SIPDispatchRuleInfo.fromJson((answer ?? {}) as Json, LENIENT).sipDispatchRuleId, rule.name);
}

type Json = Parameters<typeof SIPInboundTrunkInfo.fromJson>[0];

/** A server may know fields that this version does not. */
const LENIENT = { ignoreUnknownFields: true } as const;

function idIn(id: string, name: string): string {
  if (id !== "") return id;
  throw new CliError(
    "API_REFUSED",
    `The project made ${quoted(name)} and returned no id`,
    "Run this again: it goes on there.",
  );
}
