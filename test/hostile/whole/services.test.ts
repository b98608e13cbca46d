import { globSync, readFileSync } from "node:fs";
import { serviceLogger } from "@trunkline/shared";
import fc from "fast-check";
import { callerInvite, send, startService } from "../../service/middleware/support.ts";
import { hostileLike } from "../objects.ts";
import { expectPlainJson } from "../shown.ts";
import { hostileText, runs } from "../texts.ts";

/** What both services write: their logs. */

const fields = fc.dictionary(
  hostileText,
  fc.oneof(hostileText, fc.array(hostileText), fc.record({ inner: hostileText })),
  {
    maxKeys: 4,
    noNullPrototype: true,
  },
);

function linesOf(write: (log: ReturnType<typeof serviceLogger>) => void): string[] {
  const lines: string[] = [];
  write(serviceLogger("test", { write: (line) => void lines.push(line) }));
  return lines;
}

test("whatever is logged is one line of JSON in which nothing is hidden", () => {
  fc.assert(
    fc.property(fields, hostileText, hostileText, (some, text, other) => {
      const lines = linesOf((log) => {
        log.info(some, text);
        log.warn({ err: new Error(text, { cause: new Error(other) }) }, other);
        log.child(some).error({ reason: other }, text);
      });
      expect(lines).toHaveLength(3);
      for (const line of lines) {
        expect(line.indexOf("\n")).toBe(line.length - 1);
        expectPlainJson(line);
      }
    }),
    runs(500),
  );
});

test("both services write by this one logger", () => {
  const files = globSync("service/{agent,middleware,shared}/**/*.ts", { exclude: (name) => name === "node_modules" });
  const text = (file: string) => readFileSync(file, "utf8");
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter((file) => /\bpino\(|\bconsole\.\w+\(/.test(text(file)))).toEqual(["service/shared/log.ts"]);
});

test("a caller's invite with hostile text in each field is logged, and listed, as text", async () => {
  const service = startService();
  await fc.assert(
    fc.asyncProperty(hostileLike(callerInvite(), new Set(["call_sid", "direction"])), async (body) => {
      const from = service.logged.length;
      await service.hook("/livekit-api", body);
      for (const line of linesOf((log) => service.logged.slice(from).forEach((one) => void log.info(one, "again"))))
        expectPlainJson(line);
      const { statusCode, body: list } = await send(service.app, "/livekit-api/calls?state=all");
      expect(statusCode).toBe(200);
      expect(() => JSON.parse(list) as unknown).not.toThrow();
    }),
    runs(60),
  );
  await service.app.close();
});
