import { spawnSync } from "node:child_process";
import { which } from "../../../sandbox/toolchain/on-path.ts";

jest.setTimeout(120_000);

// The edge may have come from the cache: without Go its own tests cannot run, and are counted as skipped.
const go = which("go");
(go ? test : test.skip)("the SIP edge's own tests (go test) pass", () => {
  const env = { ...process.env, GOFLAGS: "-mod=readonly", GOTOOLCHAIN: "local" };
  const { status, stdout, stderr } = spawnSync(go ?? "go", ["test", "./..."], {
    cwd: "sandbox/jambonz/edge",
    env,
    encoding: "utf8",
  });
  expect({ status, output: status === 0 ? "" : stdout + stderr }).toEqual({ status: 0, output: "" });
});
