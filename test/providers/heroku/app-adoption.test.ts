import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dispatch } from "@trunkline/providers";
import { UNKNOWN } from "../../../providers/dynamic/unknown.ts";
import { API_KEY, HerokuApi } from "../../heroku-api/server.ts";
import type { StoredApp } from "../../heroku-api/store.ts";

/** What the adoption of an app shows and keeps, as the engine calls it, against a server that speaks Heroku's API. */

const adoption = dispatch("heroku:AppAdoption");
const APP = "made-by-hand";
const api = new HerokuApi();
let app: StoredApp;

beforeAll(() => api.start());
afterAll(() => api.stop());
beforeEach(() => {
  Object.assign(process.env, { HEROKU_API_KEY: API_KEY, HEROKU_API_URL: api.url });
  api.store.apps.splice(0);
  app = api.store.addApp({ name: APP, region: "eu" });
  app.vars = {
    LIVEKIT_URL: "wss://by-hand.livekit.cloud",
    ANNOUNCEMENT: "Hello by hand",
    CALL_LIMIT_SECONDS: "600",
    FALLBACK: "say",
    CALLS_TOKEN: "canary-by-hand",
    OPENAI_API_KEY: "canary-of-theirs",
  };
});

const given = {
  app: APP,
  vars: {
    LIVEKIT_URL: "wss://ours.livekit.cloud",
    LIVEKIT_OUTBOUND_TRUNK_ID: UNKNOWN,
    ANNOUNCEMENT: "Hello",
    CALL_LIMIT_SECONDS: "600",
    FALLBACK: "say",
  },
  secretVars: { CALLS_TOKEN: "canary-of-ours", LIVEKIT_API_KEY: "canary-of-livekit" },
  unsaid: ["ANNOUNCEMENT", "FALLBACK", "CALL_LIMIT_SECONDS"],
};

async function checked(olds: object = {}, changes: object = {}) {
  const { inputs, failures } = await adoption.check(olds, { ...given, ...changes });
  expect(failures).toEqual([]);
  return inputs as { adopting: Record<string, string>; kept: string[] };
}

test("each value that changes is shown, old → new, no secret; what is not said is kept; nothing is changed", async () => {
  const inputs = await checked();
  expect(inputs).toEqual({
    app: APP,
    adopting: {
      LIVEKIT_URL: '"wss://by-hand.livekit.cloud" → "wss://ours.livekit.cloud"',
      LIVEKIT_OUTBOUND_TRUNK_ID: "nothing → (known after apply)",
      CALLS_TOKEN: "[secret] → [secret]",
      LIVEKIT_API_KEY: "[secret] → [secret]",
    },
    kept: ["ANNOUNCEMENT"],
  });
  expect(JSON.stringify(inputs)).not.toContain("canary");
  expect(api.changes()).toEqual([]);
});

test("once adopted, that is history: no later value changes it, and no request is made", async () => {
  const inputs = await checked();
  const { id, outs } = await adoption.create(inputs);
  process.env.HEROKU_API_URL = "http://127.0.0.1:1";
  const later = await checked(inputs, { vars: { ANNOUNCEMENT: "Good day" } });
  expect(await adoption.diff(id, outs ?? {}, later)).toMatchObject({ changes: false });
  expect((await adoption.read(id, outs)).inputs).toEqual(inputs);
});

test("replaced, it keeps what it kept, though the app has our values by now", async () => {
  const inputs = await checked();
  const first = await adoption.create(inputs);
  Object.assign(app.vars, given.vars, { ANNOUNCEMENT: "changed by hand", FALLBACK: "decline:486" });
  const engine = { __provider: "code" };
  const again = await checked({}, engine);
  await adoption.delete(first.id, { ...first.outs, ...engine });
  const { outs } = await adoption.create({ ...again, ...engine });
  expect(outs).toMatchObject({ kept: ["ANNOUNCEMENT"], adopting: inputs.adopting });
});

test("names like those of a prototype are names", async () => {
  const names = ["constructor", "toString"];
  const vars = JSON.parse(`{${names.map((name) => `"${name}":"ours"`).join()}}`);
  const inputs = await checked({}, { vars, secretVars: {}, unsaid: names });
  expect(Object.entries(inputs.adopting)).toEqual(names.map((name) => [name, 'nothing → "ours"']));
  expect(inputs.kept).toEqual([]);
});

describe("what is no answer is an error with a name, never an app without config vars", () => {
  test.each([
    ["an HTML page", "<html></html>"],
    ["null", "null"],
    ["a list", "[]"],
    ["numbers", '{"A":1}'],
    ["an empty body", ""],
  ])("%s", async (_what, body) => {
    const server = createServer((_request, response) => void response.end(body));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    process.env.HEROKU_API_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(adoption.check({}, given)).rejects.toThrow(/^ANSWER_INVALID: /);
    server.close();
  });

  test("no app, no key, no server", async () => {
    await expect(adoption.check({}, { ...given, app: "other" })).rejects.toThrow(/^API_REFUSED: .*404/);
    process.env.HEROKU_API_URL = "http://127.0.0.1:1";
    await expect(adoption.check({}, given)).rejects.toThrow(/^API_UNREACHABLE: /);
    process.env.HEROKU_API_KEY = "";
    await expect(adoption.check({}, given)).rejects.toThrow(/^MISSING_CREDENTIALS: /);
  });
});
