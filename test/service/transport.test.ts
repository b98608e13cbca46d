import { AGENT_VARIABLES, readConfig } from "../../service/agent/config.ts";
import { loadConfig, MIDDLEWARE_VARIABLES } from "../../service/middleware/config.ts";

/** Every address that a service is given: with TLS, or this machine's. A variable of a later version is among them by its name. */

const ADDRESS = /(_URL|_ENDPOINT)$/;
const PLAIN = ["ws", "http", "redis", "grpc"];
const TLS = ["wss", "https", "rediss"];
const OURS = ["127.0.0.1:7880", "localhost:6379", "[::1]:7880"];
const OTHERS = ["10.0.0.1:7880", "livekit.example.com", "localhost.example.com", "[::2]:6379", "0.0.0.0:80"];

/** What a service says about a variable; empty where it takes the value. */
type Says = (name: string, value: string) => string;
const messageOf = (read: () => unknown): string => {
  try {
    read();
    return "";
  } catch (error) {
    return (error as Error).message;
  }
};
const OTHER = "one without the other is refused";
const about = (name: string, text: string) => (text.includes(name) ? text : "");
const SERVICES: [string, readonly string[], Says][] = [
  [
    "middleware",
    MIDDLEWARE_VARIABLES,
    (name, value) =>
      about(
        name,
        messageOf(() => loadConfig({ JAMBONZ_API_KEY: OTHER, CALL_EVENTS_SECRET: OTHER, [name]: value })),
      ),
  ],
  [
    "agent",
    AGENT_VARIABLES,
    (name, value) =>
      about(
        name,
        messageOf(() => readConfig({ [name]: value })),
      ),
  ],
];
const cases = SERVICES.flatMap(([service, variables, says]) =>
  variables.filter((name) => ADDRESS.test(name)).map((name) => ({ service, name, says })),
);

test("there are addresses in both services", () => {
  expect(cases.map(({ service, name }) => `${service} ${name}`)).toEqual(
    expect.arrayContaining([
      "middleware LIVEKIT_URL",
      "middleware REDIS_URL",
      "agent LIVEKIT_URL",
      "agent OPENAI_BASE_URL",
    ]),
  );
});

test.each(cases)("$service: $name takes TLS, and this machine's addresses, and nothing else", ({ name, says }) => {
  const takes = (scheme: string, host: string) => says(name, `${scheme}://${host}`) === "";
  expect(TLS.some((scheme) => takes(scheme, "service.example.com"))).toBe(true);
  expect(OURS.filter((host) => !PLAIN.some((scheme) => takes(scheme, host)))).toEqual([]);
  for (const scheme of PLAIN) expect(OTHERS.filter((host) => takes(scheme, host))).toEqual([]);
});

test("what is said names the variable and what to do, not the value", () => {
  const said = messageOf(() => loadConfig({ REDIS_URL: "redis://user:password-canary@redis.example.com" }));
  expect(said).toContain("REDIS_URL: is not encrypted: without TLS it may only be this machine's");
  expect(said).not.toContain("canary");
});
