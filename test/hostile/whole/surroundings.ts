import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type HostileServer, startHostile } from "../server.ts";
import type { World } from "./world.ts";

const STACK_FILE = `config:
  trunkline:livekitUrl: LIVEKIT # kept
  trunkline:jambonz:
    url: URL
    livekitSipHost: my-project.sip.livekit.cloud
    phoneCarrier:
      trunkType: static_ip
      inboundAddresses: [192.0.2.1]
  trunkline:presentedNumbers: ["+493012345678"]
`;

let calls = 0;
/** Each time that somebody looks, another call has come. */
function newId(): string {
  calls += 1;
  return `abcdefghij-${String(calls).padStart(10, "A")}`;
}

/** A folder with stack files, and one server in the place of all. */
export interface Surroundings {
  folder: string;
  url: string;
  environment: NodeJS.ProcessEnv;
  /** Files as they were, and answers of this world. */
  enter(world: World, hasRooms: boolean): void;
  stop(): Promise<void>;
}

export async function openSurroundings(): Promise<Surroundings> {
  const folder = mkdtempSync(join(tmpdir(), "trunkline-whole-"));
  const server = await startHostile();
  const keys = { apiKey: "APIkey", apiSecret: "a-secret-of-thirty-two-characters" };
  return {
    folder,
    url: server.url,
    environment: {
      LIVEKIT_URL: server.url.replace("http", "ws"),
      ...{ LIVEKIT_API_KEY: keys.apiKey, LIVEKIT_API_SECRET: keys.apiSecret },
      ...{ LIVEKIT_PREVIOUS_API_KEY: keys.apiKey, LIVEKIT_PREVIOUS_API_SECRET: keys.apiSecret },
      ...{ JAMBONZ_API_KEY: "a-key", HEROKU_API_KEY: "a-key", PULUMI_BACKEND_URL: "file:///nowhere" },
      GITHUB_STEP_SUMMARY: join(folder, "summary.md"),
    },
    enter: (world, hasRooms) => {
      for (const stack of ["dev", "acceptance"])
        writeFileSync(
          join(folder, `Pulumi.${stack}.yaml`),
          STACK_FILE.replace("LIVEKIT", server.url.replace("http", "ws")).replace(" URL", ` ${server.url}`),
        );
      writeFileSync(join(folder, "summary.md"), "");
      writeFileSync(join(folder, "service.log"), world.logLine);
      writeFileSync(join(folder, "copies.json"), JSON.stringify(world.copies));
      answerBy(server, hasRooms ? world : { ...world, answers: { ...world.answers, ListRooms: { rooms: [] } } });
    },
    stop: () => {
      rmSync(folder, { recursive: true, force: true });
      return server.stop();
    },
  };
}

function answerBy(server: HostileServer, { answers, call, refusal }: World): void {
  const answerTo = ({ pathname, searchParams }: URL): unknown => {
    const [, last = ""] = /([^/]*)$/.exec(pathname) ?? [];
    if (last === "calls") return { calls: searchParams.get("state") === "active" ? [] : [{ ...call, id: newId() }] };
    if (pathname.startsWith("/apps/")) return { name: decodeURIComponent(last) };
    return pathname.includes("/calls/") ? { ...call, id: last } : (answers[last] ?? {});
  };
  server.answer = (response: ServerResponse) => {
    const refused = { code: "invalid_argument", msg: refusal };
    const url = new URL(response.req.url ?? "", server.url);
    if (url.pathname.startsWith("/v1/") && response.req.method === "DELETE") return void response.writeHead(204).end();
    const [status, body] = refusal === undefined ? [200, answerTo(url)] : [400, refused];
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
}
