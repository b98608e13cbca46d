import { writeFileSync } from "node:fs";
import { withoutPulumiFlags } from "@trunkline/contract";
import { SandboxError } from "../errors.ts";
import type { Supervisor } from "../processes/supervisor.ts";
import type { Report } from "../progress.ts";
import { pulumiEnvironment } from "../pulumi/cli.ts";
import type { StartOptions } from "./options.ts";
import { pulumiPlace, settingsFile, stackVariables } from "./sandbox-environment.ts";
import type { StackState } from "./state.ts";

const STACK = "local";

/** What each service gets as its environment. */
export interface Services {
  middleware: Record<string, string>;
  agent: Record<string, string>;
}

export interface StackOutputs {
  outboundTrunkId: string;
  services: Services;
  /** Where one is set. */
  callsToken?: string;
  removedLegacy: string[];
  support: Record<string, unknown>;
  jambonz: Record<string, unknown>;
}

/** What a run wants to be declared otherwise than `npm start` does. */
export interface OwnSettings {
  allowedTargets?: string[];
  phoneCarrierName?: string;
}

/** Writes the values of this run where the program reads them; the stack `local` exists then, and nothing locks it. */
export async function prepareStack(
  supervisor: Supervisor,
  state: StackState,
  options: StartOptions,
  isKept: boolean,
  report: Report,
  own: OwnSettings = {},
): Promise<void> {
  writeFileSync(settingsFile(), JSON.stringify(settingsOf(state, options, own), null, 2), { mode: 0o600 });
  const pulumi = await cli(supervisor, state, report);
  await pulumi("stack", "select", "--create", STACK);
  // A start that was killed in the middle of an update leaves its lock.
  if (isKept) await pulumi("cancel", "--yes", "--stack", STACK);
}

/** What the last deployment put out: nothing after one that failed, or a destroy. */
export async function readOutputs(supervisor: Supervisor, state: StackState): Promise<Partial<StackOutputs>> {
  const pulumi = await cli(supervisor, state, () => undefined);
  return JSON.parse(
    await pulumi("stack", "output", "--json", "--show-secrets", "--stack", STACK),
  ) as Partial<StackOutputs>;
}

/** Writes the values of this run where the program reads them, runs `pulumi up` on the stack `local`, returns its outputs. */
export async function declare(
  supervisor: Supervisor,
  state: StackState,
  options: StartOptions,
  isKept: boolean,
  report: Report,
  own: OwnSettings = {},
): Promise<StackOutputs> {
  await prepareStack(supervisor, state, options, isKept, report, own);
  const pulumi = await cli(supervisor, state, report);
  await pulumi("up", "--yes", "--skip-preview", "--stack", STACK);
  return (await readOutputs(supervisor, state)) as StackOutputs;
}

function settingsOf(
  state: StackState,
  options: StartOptions,
  { allowedTargets, phoneCarrierName }: OwnSettings,
): object {
  return {
    livekitUrl: `ws://127.0.0.1:${state.ports.livekit}`,
    sbcAddress: `127.0.0.1:${state.ports.sbc}`,
    sipTransport: "udp",
    callFlow: options.flow,
    sipPassword: state.sipPassword,
    jambonz: jambonzSettings(state, phoneCarrierName),
    legacy: state.legacy,
    ...(allowedTargets && { allowedTargets }),
  };
}

/** Phone calls come from this machine, without a registration; the account's webhook secret is read from its API. */
function jambonzSettings({ ports, jambonzApi }: StackState, name: string | undefined): object {
  return {
    url: `http://127.0.0.1:${jambonzApi.port}`,
    middlewareUrl: `http://127.0.0.1:${ports.middleware}`,
    livekitSipHost: `127.0.0.1:${ports.livekitSip}`,
    phoneCarrier: { ...(name && { name }), trunkType: "static_ip", inboundAddresses: ["127.0.0.1"] },
  };
}

/** The CLI as a supervised process: a kill of ours takes its language host and providers with it. */
async function cli(supervisor: Supervisor, state: StackState, report: Report) {
  const env = {
    ...withoutPulumiFlags(process.env),
    ...pulumiEnvironment(await pulumiPlace()),
    ...stackVariables(state),
  };
  let count = 0;
  return async (...args: string[]): Promise<string> => {
    const output = { stdout: [] as string[], all: [] as string[] };
    const name = `pulumi-${++count}-${args[0] === "stack" ? args[1] : args[0]}`;
    const running = await supervisor.start({
      name,
      command: "pulumi",
      args: [...args, "--non-interactive", "--color=never"],
      env,
      hasSecretOutput: args.includes("--show-secrets"),
      onLine: (line, stream) => remember(output, line, stream, report),
    });
    await running.closed;
    const code = await running.exited;
    if (code === 0) return output.stdout.join("\n");
    throw new SandboxError(
      "PULUMI_FAILED",
      `pulumi ${args.join(" ")} ended with code ${code}:\n${output.all.filter(Boolean).slice(-40).join("\n")}`,
      `Its whole output is in ${running.log}.`,
    );
  };
}

function remember(output: { stdout: string[]; all: string[] }, line: string, stream: string, report: Report): void {
  output.all.push(line);
  if (stream === "stdout") output.stdout.push(line);
  if (/^\s*[+~-]/.test(line)) report(line.trim().replace(/\s+/g, " "));
}
