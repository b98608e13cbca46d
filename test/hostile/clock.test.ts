import { globSync, readFileSync } from "node:fs";

/**
 * The system's clock may step back by minutes: a limit, an age or a deadline that is counted by it lasts as much longer. They are counted by
 * `clockMs` or `performance.now`; what reads the system's clock all the same is listed with its reason.
 */
const READS_THE_SYSTEM_CLOCK: Readonly<Record<string, string>> = {
  "service/middleware/jambonz/hooks.ts": "signatures carry jambonz' time",
  "service/middleware/speech/signed-path.ts": "the end of an address is judged by any instance, on any machine",
  "service/middleware/page/live-rows.js": "the server's time, against this machine's",
  "contract/outgoing/signature.ts": "the receiver of a signed request judges its age by its own clock",
  "service/agent/conversations/caller-ear.ts": "is compared with the times of the framework's events",
  "service/agent/conversations/models/realtime-model.ts": "the time of an error, as the framework has it",
  "cli/livekit/agents-seen.ts": "is compared with LiveKit's times",
};
const FOLDERS = "{contract,providers,infra,cli,service/agent,service/middleware,service/shared}";

test("nothing counts limits, ages or deadlines by the system's clock", () => {
  const files = globSync(`${FOLDERS}/**/*.{ts,js}`, { exclude: (name) => name === "node_modules" });
  const reading = files.filter((file) => /\bDate\.now\b|process\.hrtime/.test(readFileSync(file, "utf8")));
  expect(files.length).toBeGreaterThan(300);
  expect(reading.toSorted()).toEqual(Object.keys(READS_THE_SYSTEM_CLOCK).toSorted());
});
