import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Where livekit-server 1.13.5 lists itself (pkg/routing/redisrouter.go). */
const NODES_KEY = "nodes";

/**
 * Takes every livekit-server from the list in this Redis. A killed one stays in it and is given rooms for 5 s more (selector.AvailableSeconds),
 * which nobody answers for. Only while none runs.
 */
export async function forgetLivekitNodes(redisPort: number): Promise<void> {
  await run("redis-cli", ["-e", "-h", "127.0.0.1", "-p", String(redisPort), "DEL", NODES_KEY]);
}
