import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { clockMs } from "@trunkline/shared";
import { CALLER_SID, callerInvite, eventually, ScriptedRooms, type Service, startService } from "../support.ts";

let service: Service;
afterEach(async () => {
  jest.restoreAllMocks();
  await service?.app.close();
});

const systemClock = Date.now;

/** The system's clock steps, as by NTP after a wrong start. */
function stepClock(ms: number): void {
  jest.spyOn(Date, "now").mockImplementation(() => systemClock() + ms);
}

test("a caller for whom no agent comes gets the fallback in time, though the clock steps back and forth", async () => {
  const rooms = new ScriptedRooms();
  rooms.view = { agentReady: false, callerPresent: false };
  service = startService({}, rooms);
  await service.hook("/livekit-api", callerInvite());
  const startedAt = performance.now();
  const next = async () => (await service.verbs("/livekit-api/wait", { call_sid: CALLER_SID }))[0]?.verb;
  stepClock(280_000);
  expect(await next()).toBe("play");
  stepClock(-560_000);
  await eventually(async () => (await next()) === "leave", 20_000);
  const waitedMs = performance.now() - startedAt;
  expect(waitedMs).toBeGreaterThan(14_000);
  expect(waitedMs).toBeLessThan(18_000);
}, 30_000);

test("the clock goes with the system's, and does not step with it", () => {
  expect(Math.abs(clockMs() - Date.now())).toBeLessThan(1_000);
  const before = clockMs();
  stepClock(-300_000);
  expect(clockMs()).toBeGreaterThanOrEqual(before);
});

test("nothing in the middleware reads the system's clock but what verifies signatures", () => {
  const folder = join(__dirname, "../../../../service/middleware");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts") && !file.includes("node_modules"),
  );
  const reading = files.filter((file) => /Date\.now|new Date\(\)/.test(readFileSync(join(folder, file), "utf8")));
  expect(reading).toEqual(["jambonz/hooks.ts", "speech/signed-path.ts"]);
});
