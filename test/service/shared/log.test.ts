import { serviceLogger } from "@trunkline/shared";
import { readConfig } from "../../../service/agent/config.ts";
import { loadConfig } from "../../../service/middleware/config.ts";

/** Every secret value of these settings says that it is one. */
const LIVEKIT = {
  LIVEKIT_URL: "wss://project.livekit.cloud",
  LIVEKIT_API_KEY: "key",
  LIVEKIT_API_SECRET: "canary-of-livekit",
  LIVEKIT_OUTBOUND_TRUNK_ID: "ST_abc",
};
const middleware = loadConfig({
  ...LIVEKIT,
  JAMBONZ_WEBHOOK_SECRETS: "canary-of-jambonz",
  CALLS_TOKEN: "canary-of-the-list-of-calls",
  REDIS_URL: "redis://:canary-of-redis@127.0.0.1:6379",
});
const realtime = readConfig({ ...LIVEKIT, AGENT_CONVERSATION: "realtime", OPENAI_API_KEY: "canary-of-a-model" });
const pipeline = readConfig({
  ...LIVEKIT,
  AGENT_CONVERSATION: "pipeline",
  LIVEKIT_INFERENCE_API_KEY: "key",
  LIVEKIT_INFERENCE_API_SECRET: "canary-of-inference",
});
const job = { id: "AJ_1", token: "canary-of-a-job" };
const req = { headers: { authorization: "Bearer canary-of-a-request" } };

function logged(fields: object): string {
  const lines: string[] = [];
  serviceLogger("test", { write: (line) => void lines.push(line) }).info(fields, "something happened");
  return lines.join("");
}

describe("serviceLogger", () => {
  const objects: [string, object][] = [
    ["the middleware's settings", middleware],
    ["an agent's settings, with a model", realtime],
    ["an agent's settings, with a chain of models", pipeline],
    ["a job", job],
    ["a request", req],
  ];
  test.each(objects)("hides the secrets of %s, however it is logged", (_name, object) => {
    expect(JSON.stringify(object)).toContain("canary");
    for (const fields of [object, { config: object }, { settings: object }, { job: object }, { req: object }])
      expect(logged(fields)).not.toContain("canary");
  });

  test("writes one JSON object a line, with everything else as it is", () => {
    expect(JSON.parse(logged({ config: middleware }))).toMatchObject({
      level: "info",
      service: "test",
      msg: "something happened",
      config: { livekit: { apiKey: "key", apiSecret: "[hidden]" }, webhookSecrets: "[hidden]" },
    });
  });
});

describe("a phone number that nobody has masked", () => {
  const NUMBER = "+49 (171) 000-01 23";
  const places: [string, object][] = [
    ["the identity of a participant", { identity: "sip_+491710000123" }],
    ["a carrier's header", { headers: { "P-Asserted-Identity": `<tel:+49-171-000-0123>`, "X-From": NUMBER } }],
    ["an error", { err: new Error(`no answer from ${NUMBER}`) }],
    ["a list", { targets: [NUMBER, "00491710000123"] }],
    ["the name of a field", { [NUMBER]: true }],
  ];
  test.each(places)("is masked in %s", (_place, fields) => {
    expect(logged(fields).replaceAll(/[^\d]/g, "")).not.toContain("1710000");
  });

  test("is masked in the message and in what a child logger adds", () => {
    const lines: string[] = [];
    const log = serviceLogger("test", { write: (line) => void lines.push(line) }).child({ caller: NUMBER });
    log.info(`Call of ${NUMBER}`);
    expect(lines.join("").replaceAll(/[^\d]/g, "")).not.toContain("1710000");
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ caller: "+** (***) ***-*1 23" });
  });
});
