import { spawn } from "node:child_process";

const HEARTBEAT_MS = 4_000;

/** Runs a command with its output shown; when it is silent for 4 s, a line says that it still runs and for how long. */
export function runShown(
  name: string,
  command: string,
  args: string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  const started = performance.now();
  let last = started;
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], env });
  const show = (chunk: Buffer) => {
    last = performance.now();
    process.stdout.write(chunk);
  };
  child.stdout.on("data", show);
  child.stderr.on("data", show);
  const heartbeat = setInterval(() => {
    if (performance.now() - last >= HEARTBEAT_MS)
      show(Buffer.from(`  … ${name} ${Math.round((performance.now() - started) / 1000)} s\n`));
  }, 1_000);
  const end = () => child.kill("SIGTERM");
  process.once("exit", end);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      clearInterval(heartbeat);
      process.off("exit", end);
      resolve(code ?? 1);
    });
  });
}
