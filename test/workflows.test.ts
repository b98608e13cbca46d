import { spawnSync } from "node:child_process";
import { globSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { findOrBuild } from "../sandbox/toolchain/binaries.ts";

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
  env?: Record<string, string>;
  "continue-on-error"?: boolean;
}
interface Job {
  environment?: string;
  concurrency?: { group: string; "cancel-in-progress"?: boolean };
  permissions?: Record<string, string>;
  "timeout-minutes"?: number;
  env?: Record<string, string>;
  if?: string;
  "runs-on"?: string;
  "continue-on-error"?: boolean;
  secrets?: unknown;
  needs?: string | string[];
  /** Another workflow, instead of steps. */
  uses?: string;
  steps?: Step[];
}
interface Workflow {
  on: Record<string, unknown>;
  env?: Record<string, string>;
  permissions: Record<string, string>;
  jobs: Record<string, Job>;
}

const FOLDER = ".github/workflows";
const files = readdirSync(FOLDER);
const read = (file: string) => parse(readFileSync(join(FOLDER, file), "utf8"), { merge: true }) as Workflow;
const steps = (file: string) => Object.values(read(file).jobs).flatMap((job) => job.steps ?? []);
const prepare = parse(readFileSync(".github/actions/prepare/action.yml", "utf8")) as { runs: { steps: Step[] } };
/** By commit, or of this repository. */
const PINNED = /^\.\/|@[0-9a-f]{40}$/;

test.each(files)("%s: every action is pinned by commit, every job has a limit and says what it may", (file) => {
  for (const { uses } of [...steps(file), ...prepare.runs.steps]) expect(uses ?? "./").toMatch(PINNED);
  for (const job of Object.values(read(file).jobs).filter(({ uses }) => !uses))
    expect(job["timeout-minutes"]).toBeLessThanOrEqual(60);
  expect(read(file).permissions).toEqual({ contents: "read" });
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

test("every workflow runs the Node that the packages bring", () => {
  const { devDependencies } = JSON.parse(readFileSync("package.json", "utf8")) as {
    devDependencies: Record<string, string>;
  };
  expect(devDependencies.node).toMatch(new RegExp(`^${readFileSync(".nvmrc", "utf8").trim()}\\.`));
  const setups = [...files.flatMap(steps), ...prepare.runs.steps].filter(({ uses }) => uses?.includes("setup-node"));
  expect(setups.length).toBeGreaterThan(3);
  for (const { with: inputs } of setups) expect(inputs).toMatchObject({ "node-version-file": ".nvmrc" });
});

test("release: after the tests, of a tag that is the packages' version, with provenance and without a token of npm", () => {
  const { tests, release } = read("release.yml").jobs;
  expect(tests?.uses).toBe("./.github/workflows/ci.yml");
  expect(release).toMatchObject({ needs: "tests", permissions: { contents: "write", "id-token": "write" } });
  const commands = (release?.steps ?? []).map(({ run = "" }) => run);
  const at = (part: string) => commands.findIndex((run) => run.includes(part));
  expect(at('npm run --silent package -- "$TAG"')).toBeGreaterThan(at("npm ci"));
  expect(at("npm publish")).toBeGreaterThan(at("npm run --silent package"));
  expect(at("gh release create")).toBeGreaterThan(at("npm publish"));
  expect(commands[at("npm publish")]).toContain("--provenance");
  expect(readFileSync(join(FOLDER, "release.yml"), "utf8")).not.toContain("secrets.");
});

test("every programs' cache is there for what it is keyed by", () => {
  const caches = files.flatMap(steps).filter(({ uses }) => uses?.startsWith("actions/cache@"));
  expect(caches.length).toBeGreaterThan(0);
  for (const { with: inputs } of caches) {
    const [, patterns = ""] = /hashFiles\((.*?)\)/.exec(String(inputs?.key)) ?? [];
    for (const [, pattern = ""] of patterns.matchAll(/'([^']+)'/g)) expect(globSync(pattern)).not.toEqual([]);
  }
});

test("a change is tested whole, and who has published its packages is looked at", () => {
  const commands = steps("ci.yml").map(({ run }) => run);
  expect(commands).toEqual(expect.arrayContaining(["npm run check", "npm test", "npm audit signatures"]));
});

test("the tests run without a secret", () => {
  expect(readFileSync(join(FOLDER, "ci.yml"), "utf8")).not.toContain("secrets.");
});

/** Rules that zizmor has for such workflows, for what is in these. */
describe.each(files)("%s", (file) => {
  test("is started by what its own people do, on machines that are new each time, and fails as a whole", () => {
    const STARTS = ["push", "pull_request", "workflow_call", "workflow_dispatch", "schedule"];
    expect(Object.keys(read(file).on).filter((event) => !STARTS.includes(event))).toEqual([]);
    for (const job of Object.values(read(file).jobs)) {
      expect(job.secrets).toBeUndefined();
      if (job.uses === undefined) expect(job["runs-on"]).toBe("ubuntu-24.04");
      for (const part of [job, ...(job.steps ?? [])]) expect(part["continue-on-error"] ?? false).toBe(false);
    }
  });

  test("gives a step each key under its own name, if it works with the stack, and runs nothing that shows them", () => {
    for (const { env = {}, run = "", with: inputs } of steps(file)) {
      const keys = Object.entries(env).filter(([, value]) => /\bsecrets\b/.test(value));
      for (const [name, value] of keys) expect(value).toBe(`\${{ secrets.${name} }}`);
      if (keys.length > 0)
        expect(inputs?.command ?? run).toMatch(/^(?:preview|up)$|\bpulumi config set-all\b|\btrunkline\.mjs drift\b/);
      expect(run).not.toMatch(
        /\b(?:printenv|set -x)\b|(?:^|[;&|]) *env *(?:$|[;&|>])|\b(?:curl|wget)\b[^\n]*\| *\w*sh\b/m,
      );
    }
  });

  test("has keys in the steps that use them, and in none that installs packages", () => {
    const { env: everywhere, jobs } = read(file);
    for (const env of [everywhere, ...Object.values(jobs).map((job) => job.env)])
      expect(JSON.stringify(env ?? {})).not.toContain("secrets.");
    for (const step of steps(file)) {
      expect(JSON.stringify(step.with ?? {})).not.toContain("secrets.");
      if (/npm (ci|rebuild)|prepare/.test(`${step.run} ${step.uses}`))
        expect(JSON.stringify(step.env ?? {})).not.toMatch(/secrets\.|github\.token/);
    }
  });

  test("puts no expression into a shell line, and runs nothing that a registry could answer for", () => {
    for (const { run = "" } of [...steps(file), ...prepare.runs.steps]) {
      expect(run).not.toMatch(/\$\{\{/);
      expect(run).not.toMatch(/\bnpx (?!--no-install)/);
    }
  });

  test("leaves no token in the checkout, and no job more than it needs", () => {
    for (const { uses = "", with: inputs } of steps(file))
      if (uses.startsWith("actions/checkout@")) expect(inputs).toEqual({ "persist-credentials": false });
    for (const job of Object.values(read(file).jobs))
      expect(job.permissions?.contents ?? "read").toMatch(/^(read|write)$/);
  });
});

test("no script of a dependency runs where keys come later", () => {
  const installs = prepare.runs.steps.map(({ run = "" }) => run).filter((run) => run.includes("npm ci"));
  expect(installs).toEqual([expect.stringMatching(/^npm ci --ignore-scripts /)]);
});

type DeployJobs = Record<"tests" | "preview" | "dev" | "plan-prod" | "prod", Job>;
const deployJobs = () => read("deploy.yml").jobs as DeployJobs;
const stacks = (job: Job) => (job.steps ?? []).map((step) => step.with?.["stack-name"]).filter(Boolean);
const commands = (job: Job) => (job.steps ?? []).map((step) => step.with?.command).filter(Boolean);

test("deploy: a pull request only previews, with keys that read; dev waits for the tests, prod for a preview of what is merged", () => {
  const { tests, preview, dev, "plan-prod": plan, prod } = deployJobs();
  expect(tests.uses).toBe("./.github/workflows/ci.yml");
  expect(commands(preview)).toEqual(["preview"]);
  expect(preview.permissions).toEqual({ contents: "read", "id-token": "write", "pull-requests": "write" });
  for (const [name, job] of Object.entries({ dev, prod })) {
    expect(commands(job)).toEqual(["up"]);
    expect(job).toMatchObject({ environment: name, if: "github.event_name != 'pull_request'" });
  }
  expect(commands(plan)).toEqual(["preview"]);
  expect(preview.if).toContain("github.event.pull_request.head.repo.full_name == github.repository");
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub
  expect(stacks(preview)).toEqual(["${{ matrix.stack }}"]);
  for (const [stack, jobs] of Object.entries({ dev: [dev], prod: [plan, prod] }))
    for (const job of jobs) expect(stacks(job)).toEqual([stack]);
  expect(plan.steps?.at(-1)?.with).toMatchObject({ "comment-on-summary": true }); // what the approver sees
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub
  expect([preview.environment, plan.environment]).toEqual(["${{ matrix.stack }}-preview", "prod-preview"]);
  expect([dev.needs, plan.needs, prod.needs]).toEqual(["tests", ["tests", "dev"], "plan-prod"]);
});

test("a deployment that waits is put aside by nothing but a later deployment", () => {
  const groups = files.flatMap((file) => Object.values(read(file).jobs).map(({ concurrency }) => concurrency?.group));
  expect(groups.filter((group) => group?.startsWith("deploy-")).sort()).toEqual(["deploy-dev", "deploy-prod"]);
  for (const job of [deployJobs().dev, deployJobs().prod]) expect(job.concurrency?.["cancel-in-progress"]).toBe(false);
});

test("the nightly look at a stack waits for no approval; what heals does", () => {
  const { drift } = read("drift.yml").jobs;
  // biome-ignore lint/suspicious/noTemplateCurlyInString: an expression of GitHub
  expect(drift?.environment).toBe("${{ inputs.heal && matrix.stack || format('{0}-preview', matrix.stack) }}");
});
