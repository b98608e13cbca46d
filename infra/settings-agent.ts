import { existsSync, readFileSync, statSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { phoneNumber } from "@trunkline/providers";
import { z } from "zod";
import { projectRoot } from "./artefact/artefact.ts";
import { type HerokuSettings, PRODUCTION } from "./settings-heroku.ts";

/** With more, all the agent's config vars might not fit into the 64 KB that Heroku gives an app. Source: devcenter, "Configuration and Config Vars". */
const LONGEST_INSTRUCTIONS = 20_000;

const text = z.string().min(1, "is empty");
/** Below the folder of Pulumi.yaml. */
const path = text.refine((file) => !isAbsolute(file) && !file.split("/").includes(".."), {
  error: "has to be a path below the folder of Pulumi.yaml",
});
const persona = {
  /** Markdown or plain text: what the model is told about its task. Or a file of it. */
  instructions: text.max(LONGEST_INSTRUCTIONS, `is over ${LONGEST_INSTRUCTIONS} characters`).optional(),
  instructionsFile: path.optional(),
  greeting: text.optional(),
  voice: text.optional(),
  /** BCP 47. */
  language: z
    .string()
    .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, "is not a language tag such as de or en-GB")
    .optional(),
};
const model = z.string().regex(/^[\w.-]+(\/[\w.:-]+)?$/, "is not the name of a model");
/** A model, or several: the next one takes the place of one that fails. */
const modelOrSeveral = z.union([model, z.array(model).min(1)]).optional();

/** `trunkline:agent`: what answers the calls. */
export const agentSchema = z.strictObject({
  conversation: z.enum(["echo", "realtime", "pipeline"], "must be one of: echo, realtime, pipeline").optional(),
  /** A module of yours that says what the agent is (docs/OWN_AGENT.md). */
  module: path.regex(/\.(ts|js|mjs)$/, "must be a .ts, .js or .mjs file").optional(),
  /** The name that calls are dispatched to: that of any LiveKit agent. Default: my-telephony-agent, ours. */
  agentName: z
    .string()
    .regex(/^[\w.-]{1,100}$/, "is not a valid agent name: letters, digits, _, . and -")
    .optional(),
  persona: z.strictObject(persona).default({}),
  /** By called number; what is missing is everyone's. */
  numbers: z.record(phoneNumber, z.strictObject(persona)).default({}),
  models: z
    .strictObject({
      realtime: model.optional(),
      stt: modelOrSeveral,
      llm: modelOrSeveral,
      tts: modelOrSeveral,
    })
    .default({}),
  /** pipeline: what tells that a caller has finished. */
  turnDetection: z.enum(["stt", "vad", "model"], "must be one of: stt, vad, model").optional(),
  endpointingMs: z.number().int().min(0).max(5_000).optional(),
  silenceSeconds: z.number().int().min(0).max(600).optional(),
  detectMachines: z.boolean().optional(),
  /** Where what was said goes when a call ends; without it nothing is written down. */
  transcript: z
    .strictObject({
      url: z.string().regex(/^https?:\/\/[^\s/]+/, "must start with https://"),
      /** What callers are told first; empty: they are told elsewhere, as by the announcement. */
      notice: z.string().max(500, "is over 500 characters").optional(),
    })
    .optional(),
});

export type AgentSettings = z.output<typeof agentSchema>;
type Persona = AgentSettings["persona"];

/** Config vars of the agent that are not secret. */
export const AGENT_VARIABLES = [
  ...["AGENT_CONVERSATION", "AGENT_MODULE", "AGENT_NAME", "AGENT_PERSON", "AGENT_PERSONS", "AGENT_REALTIME_MODEL"],
  ...[
    "AGENT_STT",
    "AGENT_LLM",
    "AGENT_TTS",
    "AGENT_TURN_DETECTION",
    "AGENT_ENDPOINTING_MS",
    "AGENT_SILENCE_SECONDS",
    "AGENT_DETECT_MACHINES",
    "AGENT_TRANSCRIPT_URL",
    "AGENT_TRANSCRIPT_NOTICE",
  ],
];

/** The agent's variables. An `echo` where nothing else is said: it needs nothing, and tells at once whether a call arrives. */
export function agentVariables(agent: AgentSettings): Record<string, string> {
  const { models } = agent;
  const numbers = Object.entries(agent.numbers).map(([number, own]) => [number, personOf(own)]);
  const all = {
    AGENT_CONVERSATION: agent.module === undefined ? (agent.conversation ?? "echo") : agent.conversation,
    AGENT_MODULE: agent.module,
    AGENT_PERSON: json(personOf(agent.persona)),
    AGENT_PERSONS: json(Object.fromEntries(numbers)),
    AGENT_REALTIME_MODEL: models.realtime,
    AGENT_STT: models.stt?.toString(),
    AGENT_LLM: models.llm?.toString(),
    AGENT_TTS: models.tts?.toString(),
    AGENT_TURN_DETECTION: agent.turnDetection,
    AGENT_ENDPOINTING_MS: agent.endpointingMs?.toString(),
    AGENT_SILENCE_SECONDS: agent.silenceSeconds?.toString(),
    AGENT_DETECT_MACHINES: agent.detectMachines?.toString(),
    AGENT_TRANSCRIPT_URL: agent.transcript?.url,
    AGENT_TRANSCRIPT_NOTICE: agent.transcript?.notice,
    ...nameVariable(agent),
  };
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/** Both services have to know it. */
export function nameVariable({ agentName }: AgentSettings): Record<string, string> {
  return agentName === undefined ? {} : { AGENT_NAME: agentName };
}

interface AllSettings {
  agent: AgentSettings;
  heroku?: HerokuSettings | undefined;
  standbyRooms: number;
}

/** What the schema cannot say. */
export function agentProblems(stack: string, settings: AllSettings): string[] {
  const { agent, heroku } = settings;
  const { conversation, module: file, detectMachines, turnDetection, transcript } = agent;
  const personas: [string, Persona][] = [
    ["agent.persona", agent.persona],
    ...Object.entries(agent.numbers).map(([number, own]): [string, Persona] => [`agent.numbers.${number}`, own]),
  ];
  return [
    ...foreignProblems(settings),
    ...(stack === PRODUCTION && heroku !== undefined && !isAnswerSaid(agent, heroku)
      ? ["agent.conversation: is not set, and an echo would answer: set realtime, pipeline, or echo if you mean it"]
      : []),
    ...(file !== undefined && conversation !== undefined
      ? ["agent.conversation: agent.module says what the agent is; set one of the two"]
      : []),
    ...(turnDetection && conversation !== "pipeline" ? ["agent.turnDetection: works with pipeline only"] : []),
    ...(detectMachines && conversation !== "pipeline" ? ["agent.detectMachines: works with pipeline only"] : []),
    ...(transcript && file === undefined && (conversation ?? "echo") === "echo"
      ? ["agent.transcript: works with realtime, pipeline and a module: an echo says nothing"]
      : []),
    ...(file === undefined ? [] : missing("agent.module", file)),
    ...personas.flatMap(([setting, own]) => personaProblems(setting, own)),
  ];
}

/** Whether somebody has chosen what callers hear. */
function isAnswerSaid({ conversation, module, agentName }: AgentSettings, heroku: HerokuSettings): boolean {
  const { AGENT_CONVERSATION, AGENT_MODULE } = heroku.agent?.variables ?? {};
  const isForeign = heroku.agent === undefined && agentName !== undefined;
  return isForeign || [conversation, module, AGENT_CONVERSATION, AGENT_MODULE].some(Boolean);
}

/** Of a deployment without an agent of ours. */
function foreignProblems({ agent, heroku, standbyRooms }: AllSettings): string[] {
  if (heroku === undefined || heroku.agent !== undefined) return [];
  if (agent.agentName === undefined)
    return ["heroku.agent: is not set; without it, set agent.agentName to the name of the LiveKit agent that answers"];
  return standbyRooms > 0 ? ["standbyRooms: only our agent can wait in a room; set it to 0"] : [];
}

function personaProblems(setting: string, { instructions, instructionsFile: file }: Persona): string[] {
  if (file === undefined) return [];
  if (instructions !== undefined) return [`${setting}.instructionsFile: instructions is set, too; set one of the two`];
  const problems = missing(`${setting}.instructionsFile`, file);
  const isLong = problems.length === 0 && readFileSync(at(file), "utf8").length > LONGEST_INSTRUCTIONS;
  return isLong ? [`${setting}.instructionsFile: "${file}" is over ${LONGEST_INSTRUCTIONS} characters`] : problems;
}

function missing(setting: string, file: string): string[] {
  const isFile = existsSync(at(file)) && statSync(at(file)).isFile();
  return isFile ? [] : [`${setting}: there is no file "${file}" below the folder of Pulumi.yaml`];
}

function personOf({ instructionsFile: file, ...own }: Persona): Omit<Persona, "instructionsFile"> {
  return file === undefined ? own : { ...own, instructions: readFileSync(at(file), "utf8").trim() };
}

function at(file: string): string {
  return join(projectRoot(), file);
}

function json(value: object): string | undefined {
  return Object.keys(value).length === 0 ? undefined : JSON.stringify(value);
}
