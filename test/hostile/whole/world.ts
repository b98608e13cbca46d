import fc from "fast-check";
import { type Mark, writeMetadata } from "../../../providers/dynamic/marks.ts";
import type { PulumiRun } from "../../../sandbox/pulumi/cli.ts";
import { recordedText } from "../../cli/drift/recorded/index.ts";
import { hostileProject, replaced } from "../objects.ts";
import { hostileText } from "../texts.ts";
import { ROW_SID, rowsOf } from "./rows.ts";

/** Everything that a command asks, with hostile text wherever there is a place for text. */
export interface World {
  /** By the last part of the path that is asked for: `ListSIPInboundTrunk`, `VoipCarriers`. */
  answers: Readonly<Record<string, unknown>>;
  /** As the middleware tells a call, but for its id. */
  call: object;
  /** Every request is refused, in hostile words. */
  refusal: string | undefined;
  pulumi(args: readonly string[]): PulumiRun;
  /** Of removed trunks and rules. */
  copies: unknown;
  /** A line of a log that names the call. */
  logLine: string;
}

export const CALL_ID = "abcdefghij-ABCDEFGHIJ";
const OWNER: Mark = { stackId: "a-stack", project: "trunkline", stack: "dev", name: "routing" };
/** What Pulumi and our own code write, and no one else can. */
const OURS = new Set("op type urn host owner ownerSid id detailedDiff severity api".split(" "));
const URNS = "urn:pulumi:dev::trunkline::";

const SUPPORT = { stack: "dev", outboundTrunkId: "ST_1", callFlow: "dial", versions: { node: "24" }, approach: "API" };
const CALL = {
  ...{ state: "ended", flow: "dial", caller: "+4915112345678", called: "+493012345678", carrier: "Schmidtkom" },
  ...{ startedAt: 0, endedAt: 60_000, agent: { name: "my-agent", ready: true }, outcome: "agent", reason: "completed" },
  ...{ ids: { callSid: "3c1d", other: "7f3e" }, offeredCodecs: ["PCMA"], timeline: [{ event: "agent.ready", at: 0 }] },
};
const DISPATCH = { id: "AD_1", room: "call-1", agentName: "my-agent", metadata: "", state: { jobs: [] } };
const ROOM = { name: "call-1", sid: "RM_1", metadata: "" };

/** What becomes of `pulumi`: it works, it reports an error of a resource, it fails. */
const FATES = ["works", "conflict", "error", "fails"] as const;

/** @param url where all servers are */
export function hostileWorld(url: string): fc.Arbitrary<World> {
  return fc
    .record({
      words: fc.array(hostileText, { minLength: 20, maxLength: 20 }),
      project: hostileProject,
      fate: fc.constantFrom(...FATES),
      isRefused: fc.integer({ min: 0, max: 4 }).map((chance) => chance === 0),
    })
    .map(({ words, project, fate, isRefused }) => {
      const texts = endlessly(words);
      const like = (value: unknown) => replaced(value, texts, OURS);
      return {
        answers: answersOf(like, project as Project, texts),
        call: like(CALL) as object,
        refusal: isRefused ? words[0] : undefined,
        pulumi: (args) => runOf(args, fate, { like, texts, url }),
        copies: copiesOf(project as Project),
        logLine: JSON.stringify({ callId: CALL_ID, ...(like({ msg: "a", callSid: "b", codec: "c" }) as object) }),
      };
    });
}

function* endlessly(words: readonly string[]): Generator<string, never> {
  for (;;) yield* words.map((word) => word.toWellFormed());
}

type Project = Record<"inboundTrunks" | "outboundTrunks" | "dispatchRules", object[]>;
type Like = (value: unknown) => unknown;

const LISTS = ["inboundTrunks", "outboundTrunks"] as const;

/** LiveKit gives each object one. */
function withIds(objects: object[], key: string, kind: string): object[] {
  return objects.map((object, index) => ({
    ...object,
    [key]: (object as Record<string, string>)[key] || `${kind}_${index}`,
  }));
}

function answersOf(like: Like, project: Project, texts: Iterator<string>): World["answers"] {
  const [inboundTrunks, outboundTrunks] = LISTS.map((list) => withIds(project[list], "sipTrunkId", "ST")) as [
    object[],
    object[],
  ];
  const dispatchRules = withIds(project.dispatchRules, "sipDispatchRuleId", "SDR");
  const name = texts.next().value as string;
  const left = { sipTrunkId: "ST_left", name, metadata: writeMetadata(OWNER, {}) };
  return {
    ...{ ListSIPInboundTrunk: { items: [...inboundTrunks, left] }, ListSIPOutboundTrunk: { items: outboundTrunks } },
    ListSIPDispatchRule: { items: dispatchRules },
    ...{ ListRooms: { rooms: [like(ROOM)] }, ListDispatch: { agent_dispatches: [like(DISPATCH)] } },
    ...{
      CreateSIPInboundTrunk: { ...left, sipTrunkId: "ST_new" },
      CreateSIPDispatchRule: { sipDispatchRuleId: "SDR_new", name },
    },
    ...{ DeleteSIPTrunk: { sip_trunk_id: left.sipTrunkId }, DeleteSIPDispatchRule: {} },
    ...rowsOf(texts),
    readyz: { build: texts.next().value },
    apps: [{ name: `acceptance-${texts.next().value}` }],
  };
}

function copiesOf({ inboundTrunks, dispatchRules }: Project) {
  return [
    ...inboundTrunks.map((object, index) => ({ kind: "inboundTrunk", id: `ST_${index}`, object })),
    ...dispatchRules.map((object, index) => ({ kind: "dispatchRule", id: `SDR_${index}`, object })),
  ];
}

interface Parts {
  like: Like;
  texts: Iterator<string>;
  url: string;
}

function runOf(args: readonly string[], fate: (typeof FATES)[number], parts: Parts): PulumiRun {
  const [command = "", what = ""] = args;
  const failure = { code: 255, stdout: String(parts.texts.next().value), stderr: String(parts.texts.next().value) };
  if (fate === "fails") return failure;
  const print = (value: unknown, code = 0): PulumiRun => ({ code, stdout: JSON.stringify(value), stderr: "" });
  if (command === "stack" && what === "export") return print(exportOf(parts));
  if (command === "config") return print(configOf(parts));
  if (command === "refresh") return print(planOf("drifted.refresh", parts), 7);
  if (command === "preview" && fate === "error") return print({ diagnostics: [errorOf(parts)] }, 255);
  if (command === "preview") return print(planOf(`${fate === "conflict" ? "conflict" : "drifted"}.preview`, parts), 7);
  return print({});
}

/** A resource of Heroku, whose name is in the command that is proposed. */
function errorOf({ texts }: Parts) {
  const urn = `${URNS}heroku:index/app:App::${texts.next().value}`;
  return { urn, message: texts.next().value, severity: "error" };
}

function planOf(name: "drifted.refresh" | "drifted.preview" | "conflict.preview", { like, url }: Parts) {
  const text = recordedText(name).replaceAll(/ws:\/\/127\.0\.0\.1:\d+/g, url.replace("http", "ws"));
  const { steps, diagnostics = [] } = JSON.parse(text) as { steps: object[]; diagnostics?: object[] };
  const row = { id: ROW_SID, type: `${JAMBONZ}VoipCarrier`, inputs: { host: url }, outputs: { ownerSid: "" } };
  const carrier = { op: "same", urn: `${URNS}${JAMBONZ}VoipCarrier::phone`, oldState: row, newState: row };
  return { steps: [...steps, carrier].map(like), diagnostics };
}

const JAMBONZ = "pulumi-nodejs:dynamic/jambonz:";
const LIVEKIT = "pulumi-nodejs:dynamic/livekit:";

function exportOf({ like, url }: Parts) {
  const stack = {
    support: like(SUPPORT),
    jambonz: like({ api: "a", sids: { b: "c" } }),
    removedLegacy: like(["ST_1"]),
  };
  const guard = { host: "ws://127.0.0.1:1", movedFrom: url.replace("http", "ws"), owner: OWNER };
  const codecs = { codecs: like(["PCMA", "PCMU"]), onlyListedCodecs: true, mediaEncryption: like("disable") };
  const resources = [
    { type: "pulumi:pulumi:Stack", outputs: { ...stack, middlewareUrl: url } },
    { type: `${LIVEKIT}SipRouting`, id: "routing", outputs: guard },
    { type: `${LIVEKIT}SipOutboundTrunk`, id: "ST_1", outputs: codecs },
  ];
  return { deployment: { resources } };
}

function configOf({ url, texts }: Parts) {
  const name = (begin: string) => ({ name: `acceptance-${begin}${texts.next().value}` });
  return {
    "trunkline:livekitUrl": { value: url.replace("http", "ws") },
    "trunkline:jambonz": { objectValue: { url, phoneCarrier: name("c") } },
    "trunkline:heroku": { objectValue: { middleware: name("m"), agent: name("a") } },
  };
}
