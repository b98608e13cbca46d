import { checkout } from "../../../../sandbox/root.ts";
import { ROUTES } from "../../../../service/middleware/openapi/routes.ts";
import { buildServer } from "../../../../service/middleware/server.ts";
import { MemoryStore } from "../../../../service/middleware/store/memory-store.ts";
import { collecting, ScriptedRooms, send, testConfig } from "../support.ts";

const PAGE_FILES = ["/live.css", "/live-rows.css", "/live.js", "/live-rows.js", "/live-format.js"];
const app = buildServer({
  config: testConfig(),
  store: new MemoryStore(),
  rooms: new ScriptedRooms(),
  log: collecting([]),
  pageFolder: checkout("service/middleware/page"),
});
afterAll(() => app.close());

interface Document {
  openapi: string;
  paths: Record<string, Record<string, { security: object[]; requestBody?: object; parameters: { name: string }[] }>>;
}
const document = async (): Promise<Document> => JSON.parse((await send(app, "/openapi.json")).body);

/** Every registered route, `GET /x`, from fastify's own tree of them. */
function registered(): string[] {
  const found: string[] = [];
  const stack: string[] = [];
  for (const line of app.printRoutes({ commonPrefix: false }).split("\n")) {
    const [, indent = "", part = "", methods = ""] = /^([│ ]*)[├└]── (\S*)(?: \((.*)\))?$/.exec(line) ?? [];
    const depth = indent.length / 4;
    stack.length = depth;
    stack.push(part);
    for (const method of methods.split(", ").filter((name) => name !== "" && name !== "HEAD"))
      found.push(`${method} ${stack.join("").replace(/:(\w+)/g, "{$1}")}`);
  }
  return found;
}

describe("GET /openapi.json", () => {
  test("describes exactly the routes that are there", async () => {
    await app.ready();
    const described = Object.entries((await document()).paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const expected = registered().filter((route) => !PAGE_FILES.some((file) => route.endsWith(file)));
    expect(described.sort()).toEqual(expected.sort());
  });

  test("says what a hook has to carry, and which fields a query may have", async () => {
    const { openapi, paths } = await document();
    expect(openapi).toBe("3.1.0");
    expect(JSON.stringify(paths["/livekit-api"]?.post?.requestBody)).toContain("call_sid");
    const names = paths["/livekit-api/calls"]?.get?.parameters.map(({ name }) => name);
    expect(names).toEqual(["state", "limit", "cursor", "from", "to", "format"]);
  });

  test("names the guard that each route really has", async () => {
    for (const { path, method, guard } of ROUTES.filter((route) => route.guard === "signature")) {
      const answer = await send(app, path, { method, body: "{}" });
      expect(`${path} ${guard} ${answer.json().error.code}`).toBe(`${path} signature SIGNATURE_MISSING`);
    }
  });

  test("describes what is sent when a call ends", async () => {
    const { webhooks, components } = JSON.parse((await send(app, "/openapi.json")).body);
    const { parameters, requestBody } = webhooks["call.ended"].post;
    expect(parameters.map(({ name }: { name: string }) => name)).toEqual(["idempotency-key", "trunkline-signature"]);
    expect(requestBody.content["application/json"].schema).toEqual({ $ref: "#/components/schemas/CallEvent" });
    expect(Object.keys(components.schemas.CallEvent.properties)).toEqual(["version", "type", "at", "call"]);
  });

  test("refers to nothing that is not in it", async () => {
    const { body } = await send(app, "/openapi.json");
    const { schemas } = JSON.parse(body).components;
    const references = [...body.matchAll(/"\$ref":"([^"]*)"/g)].map(([, reference = ""]) => reference);
    expect(references.length).toBeGreaterThan(20);
    const known = Object.keys(schemas).map((name) => `#/components/schemas/${name}`);
    expect(references.filter((reference) => !known.includes(reference))).toEqual([]);
    expect(body).not.toContain("$defs");
  });
});
