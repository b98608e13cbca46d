import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { parse } from "yaml";
import { checkout } from "../../sandbox/root.ts";
import { which } from "../../sandbox/toolchain/on-path.ts";
import { MemoryStore } from "../../service/middleware/store/memory-store.ts";
import { ScriptedRooms, type Service, send, startService } from "../service/middleware/support.ts";

interface Rules {
  groups: { rules: { alert: string; expr: string; annotations: { summary: string; action: string } }[] }[];
}

const rules = (parse(readFileSync(checkout("docs/monitoring/alerts.yml"), "utf8")) as Rules).groups.flatMap(
  (group) => group.rules,
);
const dashboard = JSON.parse(readFileSync(checkout("docs/monitoring/dashboard.json"), "utf8")) as {
  panels: { targets: { expr: string }[] }[];
};
const store = new MemoryStore();
let service: Service;
beforeAll(async () => {
  service = startService({}, new ScriptedRooms(), store);
  await service.app.listen({ host: "127.0.0.1", port: 0 });
});
afterAll(() => service.app.close());

const scrape = async () => (await send(service.app, "/metrics")).body;

/** The largest value of a metric as scraped, undefined where it is not there. */
async function largest(metric: string): Promise<number | undefined> {
  const values = [...(await scrape()).matchAll(new RegExp(`^${metric}(?:\\{.*\\})? (\\S+)$`, "gm"))];
  return values.length === 0 ? undefined : Math.max(...values.map(([, value]) => Number(value)));
}

test("every metric that alerts and dashboard name is there, and every label that they choose by", async () => {
  await store.notePulse({ worker: "w", free: 1, calls: [] });
  await pause(1_000);
  service.rooms.requests.note("ListRooms", 429);
  const body = await scrape();
  const expressions = [
    ...rules.map(({ expr }) => expr),
    ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  ];
  expect(expressions.length).toBeGreaterThan(10);
  for (const expr of expressions) {
    const names = [...expr.matchAll(/trunkline_\w+/g)].map(([name]) => name);
    expect(names.length).toBeGreaterThan(0);
    for (const name of names) expect(body).toContain(`# TYPE ${name.replace(/_bucket$/, "")} `);
    for (const [, selector = ""] of expr.matchAll(/\{(\w+="\w+")\}/g)) expect(body).toContain(selector);
  }
});

test("an agent that stops is an alert, a degraded readiness, and no alert when it is back", async () => {
  const { expr } = rules.find(({ alert }) => alert === "TrunklineNoAgent") ?? { expr: "" };
  const [, metric = "", wanted] = /^max\((\w+)\) == (\d+)$/.exec(expr) ?? [];
  const fires = async () => (await largest(metric)) === Number(wanted);
  const readiness = async () => JSON.parse((await send(service.app, "/readyz")).body) as { status: string };
  for (const isAlive of [true, false, true]) {
    if (isAlive) await store.notePulse({ worker: "w", free: 1, calls: [] });
    await pause(isAlive ? 1_000 : 3_200);
    expect([await fires(), (await readiness()).status]).toEqual([!isAlive, isAlive ? "ready" : "degraded"]);
  }
});

test("every alert says what happened and what to do", () => {
  for (const { annotations } of rules) expect(Object.values(annotations).every((text) => text.length > 20)).toBe(true);
});

const promtool = which("promtool");
const why = promtool ? "" : " (skipped: promtool is not on PATH; Debian has it in `prometheus`)";
(promtool ? test : test.skip)(`promtool takes the rules${why}`, () => {
  const said = execFileSync(promtool ?? "", ["check", "rules", checkout("docs/monitoring/alerts.yml")]);
  expect(said.toString()).toContain(`SUCCESS: ${rules.length} rules found`);
});
