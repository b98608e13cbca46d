import { existsSync } from "node:fs";
import { excessOf, isCountry, LIMITS, refusalOf, toE164 } from "@trunkline/contract";
import { TIMERS } from "@trunkline/shared";
import { z } from "zod";
import {
  modelFields,
  neededBy,
  type PipelineSettings,
  pipelineSettings,
  type RealtimeSettings,
  realtimeSettings,
} from "./conversations/models/settings.ts";
import { type VoiceSettings, voiceFields, voiceSettings } from "./conversations/voice-settings.ts";
import { AgentError } from "./errors.ts";
import { httpUrl, livekitUrl, required, whole } from "./fields.ts";
import type { TelephonySettings } from "./telephony/settings.ts";
import {
  type TranscriptSettings,
  transcriptFields,
  transcriptProblem,
  transcriptSettings,
} from "./transcript/settings.ts";

const targets = z
  .string()
  .default("")
  .transform((list) => list.split(",").map((entry) => entry.trim()))
  .transform((list) => list.filter((entry) => entry !== ""));

/** The app's folder: modules are named from there. */
const ROOT = new URL("../../", import.meta.url);

const ownModule = z
  .string()
  .optional()
  .transform((file) => (file ? new URL(file, ROOT) : undefined))
  .refine((url) => url === undefined || (url.protocol === "file:" && existsSync(url)), {
    error: "is not a file of this app: set its path from the app's folder",
  });

const NAMES = ["echo", "realtime", "pipeline"] as const;

const hostFields = {
  AGENT_MODULE: ownModule,
  AGENT_CONVERSATION: z.enum(NAMES, `must be one of: ${NAMES.join(", ")}`).default("echo"),
  ...modelFields,
  AGENT_DETECT_MACHINES: z.enum(["true", "false"], "must be true or false").default("false"),
  ...voiceFields,
  ...transcriptFields,
  AGENT_SILENCE_SECONDS: whole(0, 600).default(30),
  AGENT_CALL_LIMIT_SECONDS: whole(1, 86_400).default(TIMERS.callLimitSeconds),
  TRANSFER_TARGETS: targets,
  /** ISO 3166-1 alpha-2: how numbers without a country code are read. */
  TRUNKLINE_COUNTRY: z.string().refine(isCountry, "must be a country code such as DE").optional(),
  /** Read by OpenTelemetry; empty = none. */
  OTEL_EXPORTER_OTLP_ENDPOINT: httpUrl.or(z.literal("")).optional(),
  OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: httpUrl.or(z.literal("")).optional(),
};

const workerFields = {
  LIVEKIT_URL: livekitUrl,
  LIVEKIT_API_KEY: required("the LiveKit project's API key"),
  LIVEKIT_API_SECRET: required("the LiveKit project's API secret"),
  MIDDLEWARE_URL: httpUrl.optional(),
  AGENT_PROCESSES: whole(1, 16).default(2),
  AGENT_MAX_CALLS: whole(1, 1_000).optional(),
  AGENT_NAME: z
    .string()
    .regex(/^[\w.-]{0,100}$/, "is not a valid agent name: letters, digits, _, . and -")
    .optional(),
  ...hostFields,
};

/** Every environment variable that the agent reads; docs/AGENT.md explains each. */
export const AGENT_VARIABLES: readonly string[] = Object.keys(workerFields);

const hostSchema = z.object(hostFields).superRefine(checkNeeded);
const workerSchema = z.object(workerFields).superRefine(checkNeeded);

type HostFields = z.infer<typeof hostSchema>;

/** What two cores hold: a call takes 5 to 8 % of one with an echo, 12 % with `realtime`, 15 % with `pipeline` (docs/AGENT_CAPACITY.md). */
const MOST_CALLS: Readonly<Record<ConversationConfig["name"], number>> = {
  echo: 30,
  realtime: 16,
  pipeline: 12,
  own: 12,
};

/** A caller who was asked and says nothing for so long is not there. */
const END_AFTER_QUESTION_MS = 10_000;

/** AGENT_CONVERSATION, default `echo`: what the agent says and how it listens, and what that needs. */
type ConversationConfig =
  | { name: "echo" }
  /** AGENT_MODULE, before any other conversation: what the user's module says. */
  | { name: "own"; module: URL }
  | ({ name: "realtime" } & RealtimeSettings)
  /** AGENT_DETECT_MACHINES, default false: whether a call ends whose caller is a voicemail or an announcement. */
  | ({ name: "pipeline"; detectsMachines: boolean } & PipelineSettings);

/** What a host process is told: the keys of its models, but not the LiveKit project's. */
export interface HostConfig {
  conversation: ConversationConfig;
  /** AGENT_PERSON, AGENT_PERSONS: also of an agent without a model, for the language of its callers. */
  persons: VoiceSettings;
  /** AGENT_SILENCE_SECONDS 0…600, default 30; AGENT_CALL_LIMIT_SECONDS 1…86400, default 3600; TRANSFER_TARGETS, default none, read with TRUNKLINE_COUNTRY. */
  telephony: TelephonySettings;
  /** AGENT_TRANSCRIPT_URL, default none: where what was said goes. */
  transcripts?: TranscriptSettings;
}

/** What the agent is told by its environment. */
export interface AgentConfig extends HostConfig {
  livekit: { url: string; apiKey: string; apiSecret: string };
  /** MIDDLEWARE_URL: who is told that this worker lives, and how its calls go; without it the middleware looks into their rooms. */
  middlewareUrl: string | undefined;
  /** AGENT_PROCESSES, 1…16, default 2: host processes, each serving several calls. With two, half of the calls outlive a crash. */
  processes: number;
  /**
   * AGENT_MAX_CALLS, 1…1000; default by conversation, what two cores hold: echo 30, realtime 16, pipeline and a module 12. More calls at once are
   * refused, so that LiveKit asks another worker. A dyno of 512 MB holds fewer, see docs/AGENT_CAPACITY.md.
   */
  maxCalls: number;
}

/**
 * @throws AgentError AGENT_CONFIG_INVALID with every problem, not only the first, and without the values: they may be secrets.
 */
export function readConfig(environment: NodeJS.ProcessEnv): AgentConfig {
  const found = parse(workerSchema, environment);
  const host = hostConfig(found);
  return {
    livekit: { url: found.LIVEKIT_URL, apiKey: found.LIVEKIT_API_KEY, apiSecret: found.LIVEKIT_API_SECRET },
    middlewareUrl: found.MIDDLEWARE_URL,
    processes: found.AGENT_PROCESSES,
    ...host,
    maxCalls: found.AGENT_MAX_CALLS ?? MOST_CALLS[host.conversation.name],
  };
}

/** @throws AgentError AGENT_CONFIG_INVALID */
export function readHostConfig(environment: NodeJS.ProcessEnv): HostConfig {
  return hostConfig(parse(hostSchema, environment));
}

function hostConfig(found: HostFields): HostConfig {
  const transcripts = transcriptSettings(found);
  return {
    ...(transcripts && { transcripts }),
    conversation: conversationOf(found),
    persons: voiceSettings(found),
    telephony: {
      silence: { askAfterMs: found.AGENT_SILENCE_SECONDS * 1_000, endAfterMs: END_AFTER_QUESTION_MS },
      callLimitMs: found.AGENT_CALL_LIMIT_SECONDS * 1_000,
      transferTargets: found.TRANSFER_TARGETS.flatMap((entry) => toE164(entry, found.TRUNKLINE_COUNTRY) ?? []),
    },
  };
}

function conversationOf(found: HostFields): ConversationConfig {
  const { AGENT_CONVERSATION: name, AGENT_MODULE: module } = found;
  if (module) return { name: "own", module };
  if (name === "realtime") return { name, ...realtimeSettings(found) };
  const detectsMachines = found.AGENT_DETECT_MACHINES === "true";
  return name === "pipeline" ? { name, ...pipelineSettings(found), detectsMachines } : { name };
}

function checkNeeded(found: HostFields, context: z.RefinementCtx): void {
  const { AGENT_CONVERSATION: name } = found;
  const needed = found.AGENT_MODULE ? [] : neededBy(name, found);
  for (const field of needed.filter((one) => !found[one]))
    context.addIssue({ code: "custom", path: [field], message: `is missing: the conversation ${name} needs it` });
  const problem = transcriptProblem(found, found.AGENT_MODULE ? "own" : name);
  if (problem) context.addIssue({ code: "custom", path: ["AGENT_TRANSCRIPT_URL"], message: problem });
  for (const [index, target] of found.TRANSFER_TARGETS.entries()) checkTarget(target, index, found, context);
  if (found.AGENT_TURN_DETECTION !== "stt" && name !== "pipeline")
    context.addIssue({
      code: "custom",
      path: ["AGENT_TURN_DETECTION"],
      message: `works with pipeline, not with ${name}`,
    });
  // The framework's detection reads what was said: it needs a text model and a transcript.
  if (found.AGENT_DETECT_MACHINES === "true" && name !== "pipeline")
    context.addIssue({
      code: "custom",
      path: ["AGENT_DETECT_MACHINES"],
      message: `works with pipeline, not with ${name}`,
    });
}

function checkTarget(target: string, index: number, found: HostFields, context: z.RefinementCtx): void {
  const why = refusalOf(target, [target], found.TRUNKLINE_COUNTRY);
  if (why === undefined) return;
  const message = `entry ${index + 1} is never dialled: ${why}`;
  context.addIssue({ code: "custom", path: ["TRANSFER_TARGETS"], message });
}

function parse<T>(schema: z.ZodType<T>, environment: NodeJS.ProcessEnv): T {
  const read = Object.fromEntries(AGENT_VARIABLES.map((name) => [name, environment[name]]));
  const tooMuch = excessOf(read, LIMITS.variable).map(({ path, problem }) => `${path} ${problem}`);
  if (tooMuch.length > 0) throw invalid(tooMuch);
  const result = schema.safeParse(environment);
  if (!result.success) throw invalid(result.error.issues.map(describeIssue));
  return result.data;
}

function describeIssue(issue: { path: PropertyKey[]; message: string }): string {
  return `${issue.path.join(".")} ${issue.message}`;
}

function invalid(problems: string[]): AgentError {
  return new AgentError(
    "AGENT_CONFIG_INVALID",
    `Set these environment variables and start again: ${problems.join("; ")}`,
  );
}
