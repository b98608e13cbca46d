import { agentPulseSchema } from "@trunkline/shared";
import { z } from "zod";
import { callViewSchema } from "../calls/call-view.ts";
import {
  dialDoneSchema,
  newCallSchema,
  queueLeftSchema,
  referSchema,
  spokenSchema,
  statusSchema,
  waitSchema,
} from "../jambonz/payloads.ts";
import { callsAnswerSchema, callsQuerySchema } from "../routes/calls.ts";
import { CSV_COLUMNS } from "../routes/calls-csv.ts";

/** Who may call a route: jambonz (signature), its media server (a signed address), LiveKit (token over the body), holders of the token, anybody. */
export type Guard = "signature" | "address" | "livekit" | "token" | "none";

export interface RouteDescription {
  readonly method: "get" | "post";
  /** As in OpenAPI: `{id}` for a parameter. */
  readonly path: string;
  readonly summary: string;
  readonly guard: Guard;
  readonly body?: z.ZodType;
  readonly query?: z.ZodObject;
  /** Of the good answer: its schema, or its media type when it is no JSON. */
  readonly answer: z.ZodType | string;
  /** The media type that the query can ask for instead, and what it holds. */
  readonly table?: { readonly type: string; readonly columns: readonly string[] };
}

const verbs = z
  .array(z.looseObject({ verb: z.string() }))
  .describe("verbs of jambonz, also when something failed inside")
  .meta({ id: "Verbs" });

const readinessSchema = z
  .object({
    status: z.enum(["ready", "degraded", "not ready", "stopping"]),
    build: z.string().describe("content hash of the build that runs"),
    trunkId: z.string(),
    checks: z.object({
      store: z.string(),
      livekit: z.string(),
      trunk: z.string(),
      agents: z.string(),
      speech: z.string(),
    }),
  })
  .meta({ id: "Readiness" });

const hook = (path: string, summary: string, body: z.ZodType, answer: z.ZodType = verbs): RouteDescription => ({
  method: "post",
  path,
  summary,
  guard: "signature",
  body,
  answer,
});
const get = (path: string, summary: string, guard: Guard, answer: z.ZodType | string): RouteDescription => ({
  method: "get",
  path,
  summary,
  guard,
  answer,
});

/** Every route of the service; a test holds this list against what is registered. */
export const ROUTES: readonly RouteDescription[] = [
  hook("/livekit-api", "A caller has dialled", newCallSchema),
  hook("/livekit-api/agent-leg", "LiveKit has called jambonz for a call (callback)", newCallSchema),
  hook("/livekit-api/wait", "A caller in the queue asks for hold music (callback)", waitSchema),
  hook("/livekit-api/queue-left", "A caller has left the queue (callback)", queueLeftSchema),
  hook("/livekit-api/dial-done", "The dial to LiveKit has ended (dial)", dialDoneSchema),
  hook("/livekit-api/rescue", "What a caller gets who is moved on by live call control", statusSchema),
  hook("/livekit-api/fallback-done", "The fallback's dial has ended", dialDoneSchema),
  hook("/livekit-api/refer", "The agent transfers its caller (dial)", referSchema),
  hook("/livekit-api/spoken", "A phrase was played, or its file could not be fetched", spokenSchema),
  get("/livekit-api/speech/{file}", "A phrase as a file", "address", "audio/wav"),
  hook("/livekit-api/status", "A leg has changed its status", statusSchema, z.object({})),
  hook("/livekit-simple", "Deprecated: dials the called number at LiveKit", newCallSchema),
  {
    ...get("/livekit-api/calls", "Calls, newest first", "token", callsAnswerSchema),
    query: callsQuerySchema,
    table: { type: "text/csv", columns: CSV_COLUMNS },
  },
  get("/livekit-api/calls/{id}", "One call, also for a day after its end", "token", callViewSchema),
  get(
    "/livekit-api/calls/events",
    "Calls as they change: snapshot, calls, beat, trouble",
    "token",
    "text/event-stream",
  ),
  { method: "post", path: "/livekit-events", summary: "LiveKit's webhooks", guard: "livekit", answer: z.void() },
  {
    method: "post",
    path: "/livekit-agents",
    summary: "A worker of the agent: that it lives, and what is new in its calls",
    guard: "livekit",
    body: agentPulseSchema,
    answer: z.void(),
  },
  get("/healthz", "The process answers", "none", z.object({ status: z.literal("ok") })),
  get("/readyz", "Calls can be taken: 200, else 503", "none", readinessSchema),
  get("/metrics", "For Prometheus", "token", "text/plain"),
  get("/openapi.json", "This document", "none", z.looseObject({})),
  get("/", "The live page", "token", "text/html"),
];
