import { parseArgs } from "node:util";
import { SandboxError } from "../errors.ts";

export interface StartOptions {
  /** End after the calls. */
  once: boolean;
  /** One JSON object as the last line of stdout; all else goes to stderr. */
  json: boolean;
  /** How many calls, one after another. 1 to 1000. */
  calls: number;
  flow: "callback" | "dial";
  /** What the agent holds its calls with; what the stack says when not given. */
  conversation: "echo" | "realtime" | "pipeline" | undefined;
  /** Begin with a set-up made by hand, and leave `pulumi up` to the user. */
  byHand: boolean;
  /** Keep the state for the next start. */
  keep: boolean;
  /** Port of the middleware; free one when not given. */
  port: number | undefined;
  /** Port of the SBC's SIP side; free one when not given. */
  sipPort: number | undefined;
}

const MOST_CALLS = 1_000;
const FLOWS = ["callback", "dial"] as const;
const CONVERSATIONS = ["echo", "realtime", "pipeline"] as const;

export const START_USAGE = `Usage: npm start -- [options]
  --once            end after the call: exit 0 if it was answered and audio flowed both ways
  --json            one JSON object as the last line of stdout
  --calls N         N calls, one after another (1 to ${MOST_CALLS})
  --flow FLOW       callback (default) or dial
  --conversation C  echo (default), realtime or pipeline; their models are stand-ins, unless their keys are set
  --by-hand         begin with a set-up made by hand that answers 503; you deploy
  --keep            keep the state for the next start
  --port N          port of the middleware (default: a free one)
  --sip-port N      port of the Jambonz stand-in's SIP side (default: a free one)`;

/** @throws SandboxError USAGE that names the option and the value. */
export function parseStartOptions(args: string[]): StartOptions {
  const { values } = parse(args);
  return {
    once: values.once ?? false,
    json: values.json ?? false,
    byHand: values["by-hand"] ?? false,
    keep: values.keep ?? false,
    calls: integer("--calls", values.calls, 1, MOST_CALLS) ?? 1,
    flow: oneOf("--flow", FLOWS, values.flow ?? "callback"),
    conversation: oneOfOrNone("--conversation", CONVERSATIONS, values.conversation),
    port: integer("--port", values.port, 1, 65_535),
    sipPort: integer("--sip-port", values["sip-port"], 1, 65_535),
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        once: { type: "boolean" },
        json: { type: "boolean" },
        "by-hand": { type: "boolean" },
        keep: { type: "boolean" },
        calls: { type: "string" },
        flow: { type: "string" },
        conversation: { type: "string" },
        port: { type: "string" },
        "sip-port": { type: "string" },
      },
    });
  } catch (error) {
    throw usage(error instanceof Error ? error.message : String(error));
  }
}

function oneOf<T extends string>(option: string, known: readonly T[], text: string): T {
  const found = known.find((name) => name === text);
  if (!found) throw usage(`${option} is "${text}", which is not one of: ${known.join(", ")}`);
  return found;
}

function oneOfOrNone<T extends string>(option: string, known: readonly T[], text: string | undefined): T | undefined {
  return text === undefined ? undefined : oneOf(option, known, text);
}

function integer(name: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw usage(`${name} is "${text}", which is no whole number from ${least} to ${most}`);
}

function usage(what: string): SandboxError {
  return new SandboxError("USAGE", what, START_USAGE);
}
