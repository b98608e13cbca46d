import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAcceptanceOptions } from "../../../cli/acceptance/options.ts";
import { liveSettings, missingForLive, ownNames } from "../../../cli/acceptance/requirements.ts";
import { acceptance } from "../../../cli/commands/acceptance.ts";
import { recordedIO } from "../recorded-io.ts";

const folder = mkdtempSync(join(tmpdir(), "trunkline-acceptance-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ENVIRONMENT = {
  LIVEKIT_API_KEY: "k",
  LIVEKIT_API_SECRET: "s",
  JAMBONZ_API_KEY: "j",
  HEROKU_API_KEY: "h",
  PULUMI_ACCESS_TOKEN: "p",
};

test("every missing key is named, and the stack file", () => {
  expect(missingForLive("acceptance", {}, folder)).toEqual([
    "LIVEKIT_API_KEY",
    "LIVEKIT_API_SECRET",
    "JAMBONZ_API_KEY",
    "HEROKU_API_KEY",
    "PULUMI_BACKEND_URL or PULUMI_ACCESS_TOKEN",
    "Pulumi.acceptance.yaml",
  ]);
  writeFileSync(join(folder, "Pulumi.acceptance.yaml"), "config: {}\n");
  expect(missingForLive("team/trunkline/acceptance", ENVIRONMENT, folder)).toEqual([]);
});

test("without them it is skipped: exit 0, nothing tried, the reason told", async () => {
  const io = recordedIO({ LIVEKIT_API_KEY: "k" }, folder);
  expect(await acceptance(["--stack", "acceptance-eu", "--json"], io)).toBe(0);
  expect(io.json()).toMatchObject({ stack: "acceptance-eu", skipped: expect.stringContaining("HEROKU_API_KEY") });
  expect(io.json().missing).not.toContain("LIVEKIT_API_KEY");
  expect(await acceptance(["--stack", "acceptance-eu"], io)).toBe(0);
  expect(io.printed.at(-1)).toMatch(/SKIPPED, nothing was tried.*JAMBONZ_API_KEY/);
});

test("no stack is destroyed whose name does not say so", () => {
  expect(parseAcceptanceOptions([])).toMatchObject({ stack: "local", flow: "callback" });
  expect(parseAcceptanceOptions(["--stack", "acceptance"])).toMatchObject({ stack: "acceptance" });
  for (const stack of ["prod", "dev", "acceptances", "my-acceptance", "acceptance/prod"])
    expect(() => parseAcceptanceOptions(["--stack", stack])).toThrow(stack);
});

const CONFIG = {
  livekitUrl: "wss://p.livekit.cloud",
  jambonz: { url: "https://api.example.com", phoneCarrier: { name: "acceptance-phone" } },
  heroku: { middleware: { name: "acceptance-middleware" }, agent: { name: "acceptance-agent" } },
};

test("a sweep takes what is called as the stack file says, by its whole name", () => {
  const settings = liveSettings("acceptance", { ...CONFIG, jambonz: { ...CONFIG.jambonz, credentialGeneration: 2 } });
  if ("problems" in settings) throw new Error(settings.problems.join());
  expect(ownNames("team/trunkline/acceptance", settings)).toEqual({
    carriers: ["LiveKit-acceptance-2", "acceptance-phone"],
    apps: ["acceptance-middleware", "acceptance-agent"],
  });
});

test("names that could not be swept are refused before anything is made", () => {
  expect(liveSettings("acceptance", CONFIG)).toMatchObject({ livekitUrl: CONFIG.livekitUrl });
  const other = { ...CONFIG, jambonz: { url: "https://api.example.com", phoneCarrier: {} } };
  expect(liveSettings("acceptance", other)).toEqual({
    problems: [
      'jambonz.phoneCarrier.name: "Schmidtkom" does not begin with "acceptance-": what has such a name is destroyed',
    ],
  });
  expect(liveSettings("acceptance", { livekitUrl: "wss://p.livekit.cloud" })).toHaveProperty("problems.length", 2);
  const taken = { ...CONFIG.jambonz, adopt: { phoneCarrier: "c1", livekitCarrier: "" } };
  const existing = { ...CONFIG.heroku, agent: { name: "acceptance-agent", existing: true } };
  expect(liveSettings("acceptance", { ...CONFIG, jambonz: taken, heroku: existing })).toEqual({
    problems: ["jambonz.adopt.phoneCarrier", "heroku.agent.existing"].map(
      (setting) => `${setting}: is somebody else's, and would be destroyed`,
    ),
  });
});
