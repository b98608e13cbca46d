import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { doctor } from "../../cli/commands/doctor.ts";
import { explain } from "../../cli/commands/explain.ts";
import { restore } from "../../cli/commands/restore.ts";
import type { CommandIO } from "../../cli/output/io.ts";
import { recordedIO } from "../cli/recorded-io.ts";
import { BODIES, type Hostile, SHAPES } from "./answers.ts";
import { type HostileServer, startHostile } from "./server.ts";

/** Commands that list a LiveKit project: no answer that is none makes it look empty, or like one without problems. */

const folder = mkdtempSync(join(tmpdir(), "trunkline-hostile-"));
const copies = join(folder, "copies.json");
let server: HostileServer;

beforeAll(async () => {
  server = await startHostile();
  const object = { name: "carrier", numbers: ["+4930123456"] };
  writeFileSync(copies, JSON.stringify([{ kind: "inboundTrunk", id: "ST_1", object }]));
});
afterAll(async () => {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

const COMMANDS: Record<string, (io: CommandIO) => Promise<number>> = {
  doctor: (io) => doctor([], io),
  "doctor --json": (io) => doctor(["--json"], io),
  explain: (io) => explain(["--from", "+4930123456", "--to", "+4930123457", "--source-ip", "127.0.0.1"], io),
  restore: (io) => restore([copies, "--yes"], io),
};

/** A redirect is repeated as no answer at all: API_UNREACHABLE, test/hostile/clients.test.ts. */
const ANSWERS: [string, Hostile][] = Object.entries({ ...SHAPES, ...BODIES }).filter(([name]) => name !== "a redirect");

describe.each(Object.entries(COMMANDS))("%s", (_name, command) => {
  test("names the answer that is none, and says nothing about the project", async () => {
    for (const [name, answer] of ANSWERS) {
      server.answer = answer;
      const io = recordedIO({
        LIVEKIT_URL: server.url.replace("http", "ws"),
        LIVEKIT_API_KEY: "APIkey",
        LIVEKIT_API_SECRET: "a-secret-of-thirty-two-characters",
      });
      const error = await command(io).catch((cause: unknown) => cause);
      expect({ name, error }).toEqual({ name, error: expect.objectContaining({ code: "ANSWER_INVALID" }) });
      expect(io.text()).toMatch(/^$|"error":\{"code":"ANSWER_INVALID"/);
    }
    expect(server.requests.filter((request) => !request.includes("/ListSIP"))).toEqual([]);
  });
});
