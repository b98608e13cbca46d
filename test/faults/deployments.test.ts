import { readdirSync } from "node:fs";
import { whyNoSmallDisk } from "../../sandbox/faults/full-disk.ts";
import { type DeploymentResult, diskFull, killedAt, twoAtOnce } from "./cases/deployments.ts";
import { Deployment } from "./deployment.ts";

// `pulumi up` that goes wrong, on the real engine and both real APIs. Killed at every single request: `npm run faults`.
jest.setTimeout(600_000);

const deployment = new Deployment();
beforeAll(() => deployment.start(), 300_000); // the servers may have to be built first
afterAll(() => deployment.stop());

let expected: string[];

function expectSameEnd({ violations, shape }: DeploymentResult): void {
  expect(violations).toEqual([]);
  expect(shape).toEqual(expected);
}

test("of two at once the second is refused because of the first, and nothing is doubled", async () => {
  const result = await twoAtOnce(deployment);
  expect(result.violations).toEqual([]);
  expect(result.refusal).toMatch(/the stack is currently locked by 1 lock\(s\)/);
  expected = result.shape;
  expect(expected).toHaveLength(10); // 2 trunks and a rule; 2 applications, 2 carriers, 2 gateways and a number
});

test("killed while a trunk is being made: the next up finds it, and comes to the same end", async () => {
  const isMakingTrunk = (request: string) => request.endsWith("/CreateSIPInboundTrunk");
  const result = await killedAt(deployment, isMakingTrunk);
  expect(result.seen).toContain("CreateSIPInboundTrunk"); // and what else was being made
  expectSameEnd(result);
});

test("beside the state are no attribute files: one that a kill has left empty would have the stack refused", () => {
  const files = readdirSync(deployment.stateFolder, { recursive: true, encoding: "utf8" });
  expect(files).toContain(".pulumi/stacks/trunkline/local.json");
  expect(files.filter((file) => file.endsWith(".attrs"))).toEqual([]);
});

/** The engine takes a minute to give up. */
const why = process.env.TRUNKLINE_LONG_TESTS
  ? whyNoSmallDisk()
  : "a minute long: npm run faults, or TRUNKLINE_LONG_TESTS";
(why === undefined ? test : test.skip)(
  `a full disk of the state is told; what was saved last leads to the same end${why === undefined ? "" : ` (skipped: ${why})`}`,
  async () => {
    const result = await diskFull(deployment, 10);
    expect(result.complaint).toBe("no space left on device");
    expectSameEnd(result);
  },
);
