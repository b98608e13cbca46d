import { randomBytes, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { own } from "@trunkline/contract";
import { SandboxError } from "../errors.ts";
import { freePorts, isFree } from "../processes/ports.ts";
import { workFolder } from "../root.ts";
import type { StartOptions } from "./options.ts";

/** What a stack of this machine is bound to. Kept with its Pulumi state: a trunk that was declared for one port is at home there only. */
export interface SandboxState {
  ports: { redis: number; livekit: number; livekitSip: number; sbc: number; middleware: number };
  livekitApiKey: string;
  livekitApiSecret: string;
  sipPassword: string;
  webhookSecret: string;
  /** Seeded by hand, so to speak, before the first `pulumi up`; not yet, when a start was killed before. */
  legacy?: { inboundTrunkIds: string[]; dispatchRuleIds: string[] };
}

/** With what the REST API of the Jambonz stand-in listens on and asks for. */
export interface StackState extends SandboxState {
  jambonzApi: { port: number; key: string };
}

export const stateFolder = (...parts: string[]) => workFolder("state", ...parts);
const FILE = () => stateFolder("sandbox.json");
const KEEP_MARK = () => stateFolder("keep");

/** The state that an earlier `--keep` left, else a new one on free ports. */
export async function openState(options: StartOptions): Promise<{ state: StackState; isKept: boolean }> {
  // A state of a version that declared nothing in Jambonz has no place for it.
  const isKept = existsSync(KEEP_MARK()) && existsSync(FILE()) && "jambonzApi" in readState();
  if (!isKept) dropState();
  const state = isKept ? readState() : await newState(options);
  await requireFree({ ...state.ports, jambonzApi: state.jambonzApi.port }, options, isKept);
  mkdirSync(stateFolder("pulumi"), { recursive: true });
  writeState(state);
  if (options.keep) writeFileSync(KEEP_MARK(), "");
  else rmSync(KEEP_MARK(), { force: true });
  return { state, isKept };
}

export function dropState(): void {
  rmSync(stateFolder(), { recursive: true, force: true });
}

export function readState(): StackState {
  return JSON.parse(readFileSync(FILE(), "utf8")) as StackState;
}

export function hasState(): boolean {
  return existsSync(FILE());
}

/** The file holds secrets of this machine's own making. */
export function writeState(state: StackState): void {
  mkdirSync(stateFolder(), { recursive: true });
  writeFileSync(FILE(), JSON.stringify(state, null, 2), { mode: 0o600 });
}

async function newState(options: StartOptions): Promise<StackState> {
  const [redis, livekit, livekitSip, sbc, middleware, jambonzApi] = (await freePorts(6)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return {
    ports: { redis, livekit, livekitSip, sbc: options.sipPort ?? sbc, middleware: options.port ?? middleware },
    livekitApiKey: `API${randomBytes(6).toString("hex")}`,
    livekitApiSecret: randomBytes(32).toString("hex"),
    sipPassword: randomBytes(18).toString("base64url"),
    webhookSecret: `wh_secret_${randomBytes(18).toString("base64url")}`,
    jambonzApi: { port: jambonzApi, key: randomUUID() },
  };
}

async function requireFree(ports: Record<string, number>, options: StartOptions, isKept: boolean): Promise<void> {
  const given: Record<string, number | undefined> = { middleware: options.port, sbc: options.sipPort };
  for (const [name, port] of Object.entries(ports)) {
    if (own(given, name) !== undefined && own(given, name) !== port)
      throw new SandboxError(
        "USAGE",
        `the kept state has the ${name} on port ${port}, not ${own(given, name)}`,
        `Leave the option out, or drop the kept state: rm -r ${join(".trunkline", "state")}`,
      );
    if (await isFree(port)) continue;
    const hint =
      own(given, name) === undefined && isKept
        ? `End what listens there, or drop the kept state: rm -r ${join(".trunkline", "state")}`
        : "Choose another port, or leave the option out: then a free one is taken.";
    throw new SandboxError("PORT_TAKEN", `port ${port}, for the ${name}, is taken on 127.0.0.1`, hint);
  }
}
