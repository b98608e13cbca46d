import { z } from "zod";
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
  return {
    openapi: "3.1.0",
    info: { title: "Trunkline middleware", version: build },
    paths: Object.fromEntries(paths),
    components: { securitySchemes: SECURITY_SCHEMES },
  };
}

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
