import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { findOrBuild } from "../sandbox/toolchain/binaries.ts";

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}
interface Job {
  environment?: string;
  concurrency?: { group: string };
  permissions?: Record<string, string>;
  "timeout-minutes"?: number;
  steps: Step[];
}
interface Workflow {
  permissions: Record<string, string>;
  jobs: Record<string, Job>;
}

const FOLDER = ".github/workflows";
const files = readdirSync(FOLDER);
const read = (file: string) => parse(readFileSync(join(FOLDER, file), "utf8"), { merge: true }) as Workflow;
const steps = (file: string) => Object.values(read(file).jobs).flatMap((job) => job.steps);
const prepare = parse(readFileSync(".github/actions/prepare/action.yml", "utf8")) as { runs: { steps: Step[] } };
/** By commit, or of this repository. */
const PINNED = /^\.\/|@[0-9a-f]{40}$/;

test.each(files)("%s: every action is pinned by commit, every job has a limit and says what it may", (file) => {
  for (const { uses } of [...steps(file), ...prepare.runs.steps]) expect(uses ?? "./").toMatch(PINNED);
  for (const job of Object.values(read(file).jobs)) expect(job["timeout-minutes"]).toBeLessThanOrEqual(60);
  expect(read(file).permissions.contents).toBe("read");
});

test.each(files)("%s: installs with npm ci only, and prints no secret", (file) => {
  const commands = [...steps(file), ...prepare.runs.steps].map(({ run = "" }) => run);
  for (const command of commands) {
    expect(command).not.toMatch(/npm (i|install)\b|pulumi install/);
    expect(command).not.toContain("secrets.");
  }
});

/** Without shellcheck and pyflakes, which only some machines have. */
test("actionlint finds nothing: keys, expressions, types of inputs, needs", async () => {
  const linter = await findOrBuild("actionlint");
  const paths = files.map((file) => join(FOLDER, file));
  const { stdout, status } = spawnSync(linter, ["-shellcheck=", "-pyflakes=", ...paths], { encoding: "utf8" });
  expect(stdout).toBe("");
  expect(status).toBe(0);
}, 300_000);

test("the tests run without a secret", () => {
  expect(readFileSync(join(FOLDER, "ci.yml"), "utf8")).not.toContain("secrets.");
});

test("deploy: a pull request only previews; one stack is changed by one run at a time, prod after dev", () => {
  const { preview, dev, prod } = read("deploy.yml").jobs as Record<string, Job & { needs?: string; if?: string }>;
  const commands = (job: Job | undefined) => job?.steps.map((step) => step.with?.command).filter(Boolean);
  expect(commands(preview)).toEqual(["preview"]);
  expect(preview?.permissions).toEqual({ contents: "read", "id-token": "write", "pull-requests": "write" });
  for (const [name, job] of Object.entries({ dev, prod })) {
    expect(commands(job)).toEqual(["up"]);
    expect(job).toMatchObject({ environment: name, concurrency: { group: `stack-${name}` } });
    expect(job?.if).toBe("github.event_name != 'pull_request'");
  }
  expect(prod?.needs).toBe("dev");
});
