import { readdirSync, readFileSync } from "node:fs";
import { parse } from "yaml";
import { parseSettings, type Sources } from "../../infra/settings.ts";

/** The stack files as they are in the repository, as Pulumi hands them over. */

const SECRETS = { sipPassword: "password-of-sip", jambonzWebhookSecret: "secret-of-jambonz" };

function sourcesOf(stack: string, text: string, changes: Record<string, unknown> = {}): Sources {
  const { config } = parse(text) as { config: Record<string, unknown> };
  const entries = Object.entries(config).map(([key, value]) => [key.replace("trunkline:", ""), value] as const);
  const all = { ...Object.fromEntries(entries), ...SECRETS, ...changes };
  const asText = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  return {
    stack,
    config: Object.fromEntries(Object.entries(all).map(([name, value]) => [name, asText(value)])),
    encrypted: new Set(Object.keys(SECRETS)),
    environment: { LIVEKIT_API_KEY: "key", LIVEKIT_API_SECRET: "secret", HEROKU_API_KEY: "heroku" },
  };
}

const file = (stack: string) => readFileSync(`Pulumi.${stack}.yaml`, "utf8");

function problems(sources: Sources): string[] {
  const reading = parseSettings(sources);
  return "problems" in reading ? reading.problems : [];
}

test.each(["dev", "prod"])("%s: needs nothing but secrets", (stack) => {
  expect(problems(sourcesOf(stack, file(stack)))).toEqual([]);
});

test("dev: the explained heroku section is one that can be used", () => {
  const text = file("dev");
  const section = text.slice(text.indexOf("  # trunkline:heroku:")).replaceAll(/^ {2}# ?/gm, "  ");
  const heroku = (parse(section.slice(0, section.indexOf("Where Heroku sends"))) as Record<string, object>)[
    "trunkline:heroku"
  ];
  expect(heroku).toMatchObject({ middleware: { name: "jambonz-livekit-middleware-dev" } });
  expect(problems(sourcesOf("dev", text, { heroku }))).toEqual([]);
});

test("no stack file holds an encrypted value", () => {
  const names = readdirSync(".").filter((name) => /^Pulumi\..+\.yaml$/.test(name));
  for (const name of names) expect(readFileSync(name, "utf8")).not.toMatch(/^\s*secure:/m);
});

describe("the rules of production", () => {
  const heroku = (changes: object) => {
    const { config } = parse(file("prod")) as { config: Record<string, object> };
    return problems(sourcesOf("prod", file("prod"), { heroku: { ...config["trunkline:heroku"], ...changes } }));
  };
  const web = { name: "my-web", size: "standard-1x", quantity: 2, preboot: true };

  test.each([
    ["another region than eu", { region: "us" }, /^heroku\.region: has to be eu/],
    ["no protection", { protect: false }, /^heroku\.protect: cannot be off/],
    ["one web dyno", { middleware: { ...web, quantity: 1 } }, /^heroku\.middleware\.quantity: .* 2 web dynos/],
    ["no preboot", { middleware: { ...web, preboot: false } }, /^heroku\.middleware\.preboot: has to be on/],
    ["a dyno that sleeps", { agent: { name: "my-agent", size: "eco" } }, /^heroku\.agent\.size: eco dynos sleep/],
    ["a size without preboot", { middleware: { ...web, size: "basic" } }, /^heroku\.middleware\.preboot: is not there/],
    ["one app for both", { agent: { name: "my-web" }, middleware: web }, /^heroku\.agent\.name: is the middleware's/],
    [
      "a plain secret",
      { agent: { name: "a-b", variables: { OPENAI_API_KEY: "x" } } },
      /OPENAI_API_KEY: looks like a secret/,
    ],
  ])("%s is refused", (_what, changes, problem) => {
    expect(heroku(changes)).toEqual([expect.stringMatching(problem)]);
  });

  test("a missing key is told with the others", () => {
    const sources = { ...sourcesOf("prod", file("prod")), environment: {} };
    expect(problems(sources)).toEqual(expect.arrayContaining(["HEROKU_API_KEY: is not set in the environment"]));
  });
});
