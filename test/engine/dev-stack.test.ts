import { createStack, type LiveKit, must, type Stack, startLiveKit } from "./stack.ts";

/** A stack as in production: everything in its stack file, secrets encrypted there. In a copy of the project. */

const SIP_PASSWORD = "canary-of-the-stack-file/1";
let livekit: LiveKit;
let stack: Stack;

beforeAll(async () => {
  livekit = await startLiveKit();
  stack = await createStack("dev", livekit.keys);
  await must(stack.pulumi(["config", "set", "livekitUrl", livekit.url]));
}, 60_000);

afterAll(async () => {
  await livekit?.stop();
  stack?.remove();
});

test("a preview without credentials says in one message what is missing and how to set it", async () => {
  const { code, stdout } = await stack.pulumi(["preview"], { LIVEKIT_API_KEY: undefined, LIVEKIT_API_SECRET: "" });
  expect(code).toBe(1);
  const told = stdout.slice(stdout.indexOf("Diagnostics:"));
  expect(told.match(/error:.*/g)).toHaveLength(1);
  expect(told.match(/ - .*/g)).toEqual([
    " - jambonzWebhookSecret: is not set: pulumi config set --secret jambonzWebhookSecret",
    " - LIVEKIT_API_KEY: is not set in the environment: export LIVEKIT_API_KEY=…",
    " - LIVEKIT_API_SECRET: is not set in the environment: export LIVEKIT_API_SECRET=…",
  ]);
}, 60_000);

test("refuses a secret in plain text, and the file of the local stack", async () => {
  await must(stack.pulumi(["config", "set", "--plaintext", "sipPassword", SIP_PASSWORD]));
  const { code, stdout } = await stack.pulumi(["preview"], { TRUNKLINE_LOCAL_SETTINGS: "/anything.json" });
  expect(code).toBe(1);
  expect(stdout).toContain("- sipPassword: is in the stack file in plain text");
  expect(stdout).toContain('- TRUNKLINE_LOCAL_SETTINGS: is for the stack "local" only');
  expect(stdout).not.toContain(SIP_PASSWORD);
}, 30_000);

test("goes up from its stack file; a secret of the stack file is in the state only encrypted", async () => {
  await must(stack.pulumi(["config", "set", "--secret", "sipPassword", SIP_PASSWORD]));
  // As the workflows do with the secret STACK_SECRETS.
  const stackSecrets = { "trunkline:jambonzWebhookSecret": { value: "webhook-secret-of-dev", secret: true } };
  await must(stack.pulumi(["config", "set-all", "--json", JSON.stringify(stackSecrets)]));
  await must(stack.pulumi(["up", "--yes", "--skip-preview"]));
  const [trunk] = await livekit.sip.listSipOutboundTrunk();
  expect(trunk).toMatchObject({
    name: "trunkline-dev",
    address: "dev.sip.example.com",
    transport: 2,
    authPassword: SIP_PASSWORD,
  });
  const { stdout } = await must(stack.pulumi(["stack", "export"]));
  expect(stdout).not.toContain(SIP_PASSWORD);
  expect(stdout).not.toContain(Buffer.from(SIP_PASSWORD).toString("base64").slice(0, -4));
}, 30_000);
