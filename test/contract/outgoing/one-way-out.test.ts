import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Every request of what is deployed, declared or run as a command has the limits of one module. */

const ROOMS = ["infra", "providers", "service", "cli", "contract"];
const THE_WAY = "contract/outgoing/request.ts";

const sources = ROOMS.flatMap((room) =>
  readdirSync(room, { recursive: true, encoding: "utf8" }).map((file) => join(room, file)),
)
  .filter((file) => /\.m?[jt]s$/.test(file) && !file.includes("node_modules") && !file.includes("/page/"))
  .map((file) => ({ file, text: readFileSync(file, "utf8") }));

const using = (pattern: RegExp) => sources.filter(({ text }) => pattern.test(text)).map(({ file }) => file);

test("the scan sees the sources", () => {
  expect(sources.length).toBeGreaterThan(250);
  expect(using(/ send\(/)).toContain("providers/deploy/service-ready.ts");
});

test("global fetch is called in one file", () => {
  expect(using(/(?<![.\w#])fetch\(|globalThis\.fetch|\{ fetch\b/)).toEqual([THE_WAY]);
});

test("no other HTTP client is used", () => {
  expect(
    using(
      /from "(undici|axios|got|node-fetch)"|\bhttps?\.(get|request)\(|\{[^}]*\b(get|request)\b[^}]*\} from "node:https?"/,
    ),
  ).toEqual([]);
});

test("LiveKit's clients, which bring their own transport, are used with ours", () => {
  const made = /new \(?(?:sdk(?:\(\))?\.)?(?:RoomService|Sip|AgentDispatch|Egress|Ingress|Connector)Client\b/g;
  for (const { file, text } of sources) {
    const clients = [...text.matchAll(made)].length;
    const bound = [...text.matchAll(/bounded\(/g)].length;
    expect({ file, isBound: bound >= clients }).toEqual({ file, isBound: true });
  }
});
