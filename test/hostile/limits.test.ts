import { globSync } from "node:fs";
import { resolve } from "node:path";
import fc from "fast-check";
import { z } from "zod";
import { excessOf, LIMITS, type Limits } from "../../contract/index.ts";
import { parseSettings, SETTINGS } from "../../infra/settings.ts";
import { checkFields, type Fields } from "../../providers/dynamic/check.ts";
import { AGENT_VARIABLES, readConfig } from "../../service/agent/config.ts";
import { readJobMetadata } from "../../service/agent/job-metadata.ts";
import { sipDetails } from "../../service/agent/sip-attributes.ts";
import { loadConfig, MIDDLEWARE_VARIABLES } from "../../service/middleware/config.ts";
import * as payloads from "../../service/middleware/jambonz/payloads.ts";
import { callsQuerySchema } from "../../service/middleware/routes/calls.ts";
import { callContextSchema } from "../../service/shared/index.ts";
import { callerInvite, send, startService } from "../service/middleware/support.ts";
import { runs } from "./texts.ts";

/** Each border × each of its fields × 200 KB: refused with the field's name and without the value, or cut. A field of a later version is among them. */

const LONG = `${"x".repeat(100_000)}CANARY${"y".repeat(100_000)}`;
const messageOf = (work: () => unknown): string => {
  try {
    work();
    return "";
  } catch (error) {
    return (error as Error).message;
  }
};

function expectTold(text: string, name: string): void {
  expect(text).toContain(name);
  expect(text).not.toContain("CANARY");
  expect(text.length).toBeLessThan(2_000);
}

describe("the mechanism", () => {
  const limits: Limits = { characters: 50, entries: 20, levels: 5, longer: { long: 500 } };
  const small = fc.jsonValue({ maxDepth: 3, stringUnit: fc.constantFrom("a", "b") }).filter(isSmall);
  function isSmall(value: unknown): boolean {
    return excessOf(value, { ...limits, levels: 4 }).length === 0;
  }

  test("finds one text that is too long, wherever it is put, and names its place", () => {
    const name = fc.string({ minLength: 1, maxLength: 8, unit: fc.constantFrom(..."abc") });
    fc.assert(
      fc.property(
        small,
        fc.array(name, { minLength: 1, maxLength: 4 }),
        fc.constantFrom("text", "list", "deep"),
        (beside, path, kind) => {
          const bad = { text: "x".repeat(51), list: Array(21).fill(1), deep: [[[[[[]]]]]] }[kind];
          const value = path.reduceRight<unknown>((inner, key) => ({ beside, [key]: inner }), bad);
          const found = excessOf(value, limits).filter(({ path: at }) => at.startsWith(path.join(".")));
          expect(found).not.toEqual([]);
        },
      ),
      runs(300),
    );
  });

  test("leaves alone what is within them", () => {
    fc.assert(
      fc.property(small, (value) => expect(excessOf(value, limits)).toEqual([])),
      runs(300),
    );
    expect(excessOf({ long: { inner: "x".repeat(500) } }, limits)).toEqual([]);
    expect(excessOf({ long: "x".repeat(501), longer: "x".repeat(51) }, limits)).toHaveLength(2);
  });

  test("tells of twenty, and not of a million", () => {
    const told = excessOf(
      Object.fromEntries(Array.from({ length: 19 }, (_, i) => [LONG + i, Array(21).fill(LONG)])),
      limits,
    );
    expect(told.length).toBeLessThanOrEqual(20);
    expect(JSON.stringify(told).length).toBeLessThan(3_000);
  });
});

describe("settings of a stack", () => {
  const base = {
    stack: "dev",
    encrypted: new Set<string>(),
    environment: { LIVEKIT_API_KEY: "k", LIVEKIT_API_SECRET: "s" },
  };
  const problemsWith = (config: Record<string, string>, environment = {}) => {
    const reading = parseSettings({ ...base, config, environment: { ...base.environment, ...environment } });
    return "problems" in reading ? reading.problems.join("\n") : "";
  };

  test.each(SETTINGS)("%s: long, in a list, under a name", (name) => {
    for (const value of [LONG, JSON.stringify([LONG]), JSON.stringify({ [name]: { inner: [LONG] } })])
      expectTold(problemsWith({ [name]: value }), `${name}`);
    expectTold(problemsWith({ [name]: JSON.stringify(Array(20_000).fill("+4930123456")) }), `${name}: has over`);
  });

  test.each(["LIVEKIT_API_KEY", "LIVEKIT_API_SECRET", "JAMBONZ_API_KEY", "HEROKU_API_KEY"])("%s", (name) => {
    expectTold(problemsWith({}, { [name]: LONG }), `${name}: is over`);
  });
});

describe("inputs of resources", () => {
  const files = globSync("providers/{livekit,jambonz,deploy}/*.ts");
  const isFields = (value: unknown): value is Fields =>
    typeof value === "object" &&
    value !== null &&
    Object.values(value).length > 0 &&
    Object.values(value).every((one) => one instanceof z.ZodType);

  test("every field of every resource", async () => {
    const all = new Map<string, Fields>();
    for (const file of files)
      for (const [name, value] of Object.entries((await import(resolve(file))) as object))
        if (isFields(value)) all.set(`${file} ${name}`, value);
    expect(all.size).toBeGreaterThanOrEqual(6);
    for (const [name, fields] of all)
      for (const field of Object.keys(fields))
        for (const value of [LONG, [LONG], { inner: LONG }, { [LONG]: "x" }]) {
          const { failures } = checkFields(fields, { [field]: value });
          expect({ name, field, told: failures.some(({ property }) => property.startsWith(field)) }).toMatchObject({
            told: true,
          });
          expectTold(JSON.stringify(failures.filter(({ property }) => property.startsWith(field))), field);
        }
  });
});

describe("variables of the services", () => {
  test.each(MIDDLEWARE_VARIABLES)("middleware: %s", (name) => {
    expectTold(
      messageOf(() => loadConfig({ [name]: LONG })),
      `${name}: is over`,
    );
  });
  test.each(AGENT_VARIABLES)("agent: %s", (name) => {
    expectTold(
      messageOf(() => readConfig({ [name]: LONG })),
      `${name} is over`,
    );
  });
});

describe("webhooks of jambonz", () => {
  /** Fields that are no reason to refuse a caller: what is done with them instead, held by the test after this one. */
  const CUT = new Map([
    ["newCallSchema.from", "cut: a caller is not refused for the name that a carrier shows"],
    ["newCallSchema.sip.uri", "not read"],
    ["newCallSchema.sip.headers.*", "the declared ones, up to LiveKit's limit"],
  ]);
  const schemas = Object.entries<unknown>({ ...payloads, callsQuerySchema }).flatMap(([name, value]) =>
    value instanceof z.ZodType ? [{ name, schema: value }] : [],
  );

  test("every text in every schema has a longest length, or is cut", () => {
    const texts = schemas.flatMap(({ name, schema }) => textsOf(schema, name));
    expect(texts.length).toBeGreaterThan(10);
    const endless = texts.filter(({ longest }) => longest === undefined).map(({ path }) => path);
    expect(endless.filter((path) => !CUT.has(path))).toEqual([]);
  });

  test.each([
    "from",
    "to",
    "originating_sip_trunk_name",
    "call_sid",
    "sip.headers.X-Carrier",
    "sip.uri",
    "display_name",
  ])("%s: refused by name, or nowhere whole", async (field) => {
    const service = startService();
    const body = withField(callerInvite(), field.split(/\.(?!.*-)|\.(?=X-)/), LONG);
    const answer = await service.hook("/livekit-api", body);
    const said = JSON.stringify(answer.json());
    if (answer.statusCode === 400) expectTold(said, field);
    else expect(answer.statusCode).toBe(200);
    const kept = JSON.stringify([
      answer.body,
      service.logged,
      service.rooms.calls,
      (await send(service.app, "/livekit-api/calls?state=all")).body,
    ]);
    expect(kept).not.toContain("CANARY");
    expect(kept.length).toBeLessThan(20_000);
    await service.app.close();
  });
});

describe("what the agent is told about a call", () => {
  const call = {
    callId: "abc",
    flow: "dial",
    caller: "+49301",
    called: "+49302",
    carrier: "c",
    headers: { "X-A": "b" },
  };

  test.each(Object.keys(callContextSchema.shape))("%s in its job's metadata", (field) => {
    for (const value of [LONG, { inner: LONG }, Array(200).fill("x")]) {
      const { call: read, problems } = readJobMetadata(JSON.stringify({ ...call, [field]: value }), "call-abc");
      expectTold(problems.join(), field);
      expect(JSON.stringify(read)).not.toContain("CANARY");
    }
  });

  test("attributes of its caller", () => {
    const many = Array.from({ length: 5_000 }, (_, index) => [`sip.h.x-${index}`, LONG]);
    const attributes = { ...Object.fromEntries(many), "call.carrier": LONG, "call.id": LONG, [`sip.${LONG}`]: "x" };
    const logged = JSON.stringify(sipDetails(attributes));
    expect(logged).not.toContain("CANARY");
    expect(logged.length).toBeLessThan(2 * LIMITS.call.entries * (LIMITS.call.characters + 100));
  });
});

function withField(body: object, [name = "", ...rest]: string[], value: string): object {
  const inner = (body as Record<string, object>)[name] ?? {};
  return { ...body, [name]: rest.length === 0 ? value : withField(inner, rest, value) };
}

interface Text {
  path: string;
  longest: number | undefined;
}

/** Every text that a schema takes. @throws Error for a kind of schema that is not looked into: nothing is passed over */
function textsOf(schema: z.core.$ZodType, path: string): Text[] {
  const { def } = (schema as z.ZodType)._zod as unknown as { def: Def };
  switch (def.type) {
    case "string": {
      const { maxLength } = schema as z.ZodString;
      return [{ path, longest: maxLength ?? undefined }];
    }
    case "object":
      return Object.entries(def.shape ?? {}).flatMap(([name, inner]) => textsOf(inner, `${path}.${name}`));
    case "record":
      return textsOf(def.valueType as z.ZodType, `${path}.*`);
    case "array":
      return textsOf(def.element as z.ZodType, `${path}.*`);
    case "unknown":
      return [{ path, longest: undefined }];
    case "pipe":
      return textsOf(def.in as z.ZodType, path);
    case "number":
    case "boolean":
    case "enum":
    case "literal":
      return [];
    default:
      if (def.innerType === undefined) throw new Error(`${path} is ${def.type}`);
      return textsOf(def.innerType, path);
  }
}

interface Def {
  type: string;
  shape?: Record<string, z.ZodType>;
  innerType?: z.ZodType;
  valueType?: z.ZodType;
  element?: z.ZodType;
  in?: z.ZodType;
}
