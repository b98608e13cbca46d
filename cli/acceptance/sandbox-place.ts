import * as sdk from "livekit-server-sdk";
import { bounded } from "../../contract/outgoing/index.ts";
import { type Mark, writeMetadata } from "../../providers/dynamic/marks.ts";
import { newStackId } from "../../providers/dynamic/stack-id.ts";
import { addApplication, addCarrier } from "../../sandbox/jambonz/account-rows.ts";
import { exportedState } from "../drift/exported-state.ts";
import { lookAt } from "../drift/look.ts";
import { cannotRun, type Pulumi, pulumiFor } from "../drift/pulumi.ts";
import { CliError } from "../errors.ts";
import { PHONE_CARRIER, SANDBOX_NUMBER, SandboxStack } from "../sandbox/sandbox-stack.ts";
import { Robot } from "../verify/robot.ts";
import { verifyStack } from "../verify/session.ts";
import { Identities } from "./identities.ts";
import type { Place } from "./run.ts";
import { type Accounts, findThings, sweep } from "./systems.ts";

const STACK = "local";
const DESTROY = ["destroy", "--yes", "--skip-preview"];

/**
 * The script's own proof: the stack `local` on servers of its own. Before it begins there is something in each account that an earlier
 * run has left, and something that is a stranger's.
 */
export async function openSandboxPlace(
  flow: "callback" | "dial",
  number = SANDBOX_NUMBER,
  tell: (line: string) => void,
): Promise<Place & { close(): Promise<void> }> {
  const stack = await SandboxStack.open(flow, tell);
  const accounts = accountsOf(stack);
  const io = stack.io();
  const pulumi = () => pulumiFor(STACK, io);
  const earlier = { project: "trunkline", stack: STACK, name: "forgotten", stackId: newStackId() };
  const identities = new Identities(() => pulumi().then(ownerInState), [earlier]);
  const strangers = await plant(stack, earlier);
  const target = { stack: STACK, kind: "sandbox", number, middlewareUrl: undefined } as const;
  return {
    find: () => findThings(accounts, STACK, identities),
    sweep: (own) => sweep(accounts, own),
    async up() {
      await stack.up();
      await stack.startServices();
    },
    verify: () => verifyStack(target, io, new Robot(stack), tell),
    async drift() {
      await stack.dismissOperator();
      const { differences } = await lookAt(STACK, await pulumi(), strangers);
      return differences;
    },
    async destroy() {
      await stack.dismissOperator();
      await identities.remember();
      const run = await (await pulumi()).run(...DESTROY);
      if (run.code !== 0) throw cannotRun(STACK, run);
    },
    close: () => stack.close(),
  };
}

/** There is no stack before the first `up`. */
async function ownerInState(pulumi: Pulumi): Promise<Mark | undefined> {
  const state = await exportedState(STACK, pulumi).catch((error: unknown) => {
    if (error instanceof CliError && error.code === "WRONG_STACK") return undefined;
    throw error;
  });
  return state?.owner;
}

function accountsOf({ servers, state }: SandboxStack): Accounts {
  const { url, apiKey, apiSecret } = servers.livekit;
  const { port, key } = state.jambonzApi;
  return {
    livekit: { url, credentials: { apiKey, apiSecret } },
    jambonz: { url: `http://127.0.0.1:${port}`, key },
    heroku: undefined,
    names: { carriers: [`LiveKit-${STACK}`, PHONE_CARRIER], apps: [] },
  };
}

/** @returns the ids of the strangers in LiveKit: `drift` would call them unmanaged */
async function plant({ servers }: SandboxStack, earlier: Mark): Promise<string[]> {
  const { livekit, jambonz } = servers;
  const sip = bounded(new sdk.SipClient(livekit.httpUrl, livekit.apiKey, livekit.apiSecret), {
    url: livekit.httpUrl,
    timeoutSeconds: 10,
    sdk,
  });
  const trunk = (name: string, address: string, numbers: string[], mark?: Mark) =>
    sip.createSipOutboundTrunk(name, address, numbers, {
      transport: 1,
      ...(mark && { metadata: writeMetadata(mark, {}) }),
    });
  await trunk("forgotten", "192.0.2.1", ["+4930555"], earlier);
  const strangers = [
    await trunk("stranger", "192.0.2.2", ["+4930556"]),
    await trunk("of another backend", "192.0.2.3", ["+4930557"], { ...earlier, stackId: newStackId() }),
  ];
  addApplication(jambonz.account, `trunkline-${STACK}`, "http://127.0.0.1:9/forgotten");
  addApplication(jambonz.account, "stranger", "http://127.0.0.1:9/stranger");
  for (const name of ["stranger", `${STACK}-of-another`]) addCarrier(jambonz.account, name);
  return strangers.map(({ sipTrunkId }) => sipTrunkId);
}
