import { readFileSync } from "node:fs";
import { checkout } from "../../sandbox/root.ts";

test("the oracle is built from the packages that the pinned livekit-server is built from", () => {
  expect(protocolIn("test/oracle")).toBe(protocolIn("tools/livekit-server"));
});

function protocolIn(folder: string): string {
  const version = /github\.com\/livekit\/protocol (\S+)/.exec(readFileSync(checkout(folder, "go.mod"), "utf8"))?.[1];
  if (!version) throw new Error(`${folder}/go.mod does not require livekit/protocol`);
  return version;
}
