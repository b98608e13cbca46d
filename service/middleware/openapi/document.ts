import { SIGNATURE_HEADER } from "@trunkline/contract/outgoing";
import { z } from "zod";
import { callEventSchema } from "../events/call-event.ts";
import { type Guard, ROUTES, type RouteDescription } from "./routes.ts";

const SECURITY_SCHEMES = {
  signature: {
    type: "apiKey",
    in: "header",
    name: "Jambonz-Signature",
    description: "`t=<unix seconds>,v1=<hex HMAC-SHA256 of t.body>`, at most 300 s old",
  },
  address: { type: "apiKey", in: "query", name: "signature", description: "of the file and `expires`; as in the verb" },
  livekit: { type: "http", scheme: "bearer", description: "LiveKit's token with the SHA-256 of the body" },
  bearer: { type: "http", scheme: "bearer", description: "CALLS_TOKEN" },
  basic: { type: "http", scheme: "basic", description: "any user name, CALLS_TOKEN as the password" },
};

const SECURITY_OF: Record<Guard, object[]> = {
  signature: [{ signature: [] }],
  address: [{ address: [] }],
  livekit: [{ livekit: [] }],
  token: [{ bearer: [] }, { basic: [] }],
  none: [],
};

const errorSchema = z
  .object({ error: z.object({ code: z.string(), message: z.string(), action: z.string().optional() }) })
  .meta({ id: "Error" });

/** The OpenAPI 3.1 document of the service, made of the schemas that its routes check with. */
export function openApiDocument(build: string): object {
  const paths = new Map<string, Record<string, object>>();
  for (const route of ROUTES) paths.set(route.path, { ...paths.get(route.path), [route.method]: operation(route) });
  return withComponents({
    openapi: "3.1.0",
    info: { title: "Trunkline middleware", version: build },
    paths: Object.fromEntries(paths),
    webhooks: { [CALL_ENDED]: webhook() },
    components: { securitySchemes: SECURITY_SCHEMES },
  });
}

/** zod puts named schemas beside each one that refers to them; references begin at the root of the document. */
function withComponents(document: { components: object } & Record<string, unknown>): object {
  const schemas: Record<string, unknown> = {};
  const plain = JSON.stringify(document, (name, value: unknown) => {
    if (name !== "$defs") return value;
    Object.assign(schemas, value);
    return undefined;
  });
  const inPlace = (text: string) => JSON.parse(text.replaceAll('"$ref":"#/$defs/', '"$ref":"#/components/schemas/'));
  const read = inPlace(plain) as typeof document;
  return { ...read, components: { ...read.components, schemas: inPlace(JSON.stringify(schemas)) } };
}

const CALL_ENDED = "call.ended";

/** What the service sends, where CALL_EVENTS_URL is set. */
function webhook(): object {
  const headers = Object.entries(WEBHOOK_HEADERS).map(([name, description]) => ({ name, description }));
  const parameters = headers.map((header) => ({ ...header, in: "header", required: true, schema: { type: "string" } }));
  return {
    post: {
      summary: "A call has ended",
      parameters,
      requestBody: { required: true, content: json(callEventSchema, "output") },
      responses: { "2XX": { description: "Taken; the body is not read. Everything else is repeated for a day" } },
    },
  };
}

const WEBHOOK_HEADERS = {
  "idempotency-key": "the same for each attempt: leave out what you have",
  [SIGNATURE_HEADER]: "`t=<unix seconds>,v1=<hex HMAC-SHA256 of t.body>` with CALL_EVENTS_SECRET",
};

function operation(route: RouteDescription): object {
  const { summary, guard, body, query, path } = route;
  return {
    summary,
    ...(path === "/livekit-simple" ? { deprecated: true } : {}),
    security: SECURITY_OF[guard],
    parameters: [...pathParameters(path), ...queryParameters(query)],
    ...(body === undefined ? {} : { requestBody: { required: true, content: json(body, "input") } }),
    responses: { ...goodAnswer(route), "4XX": { description: "Refused", content: json(errorSchema, "output") } },
  };
}

function goodAnswer({ answer, table }: RouteDescription): object {
  if (typeof answer === "string") return { 200: { description: "As the media type says", content: { [answer]: {} } } };
  if (answer instanceof z.ZodVoid) return { 204: { description: "Taken" } };
  return { 200: { description: "Done", content: { ...json(answer, "output"), ...tableOf(table) } } };
}

function tableOf(table: RouteDescription["table"]): object {
  if (table === undefined) return {};
  return { [table.type]: { schema: { type: "string", description: `Columns: ${table.columns.join(", ")}` } } };
}

function pathParameters(path: string): object[] {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
  return names.map((name) => ({ name, in: "path", required: true, schema: { type: "string" } }));
}

function queryParameters(query: z.ZodObject | undefined): object[] {
  if (query === undefined) return [];
  const properties = z.toJSONSchema(query, { io: "input" }).properties ?? {};
  return Object.entries(properties).map(([name, schema]) => ({ name, in: "query", required: false, schema }));
}

function json(schema: z.ZodType, io: "input" | "output"): object {
  const { $schema: _, ...plain } = z.toJSONSchema(schema, { io, reused: "inline" });
  return { "application/json": { schema: plain } };
}
