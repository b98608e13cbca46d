import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../processes/ports.ts";
import { accepts, waitUntilReady } from "../processes/ready.ts";
import type { Running, Supervisor } from "../processes/supervisor.ts";

export interface Redis {
  port: number;
  url: string;
  running: Running;
}

/** redis-server on loopback. With `folder` its data outlives a stop (append-only file), else it is in memory only. */
export async function startRedis(
  supervisor: Supervisor,
  options: { port?: number; folder?: string } = {},
): Promise<Redis> {
  const port = options.port ?? (await freePort());
  const folder = options.folder ?? supervisor.folder;
  mkdirSync(folder, { recursive: true });
  const running = await supervisor.start({
    name: `redis-${port}`,
    command: "redis-server",
    args: [
      "--bind",
      "127.0.0.1",
      "--port",
      String(port),
      "--save",
      "",
      "--appendonly",
      options.folder ? "yes" : "no",
      "--dir",
      join(folder),
    ],
  });
  await waitUntilReady(running, () => accepts(port));
  return { port, url: `redis://127.0.0.1:${port}`, running };
}
