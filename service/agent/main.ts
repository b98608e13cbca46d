import { fileURLToPath } from "node:url";
import { type Logger, serviceLogger } from "@trunkline/shared";
import { type AgentConfig, readConfig } from "./config.ts";
import { AgentError } from "./errors.ts";

const log = serviceLogger("agent");
// rtc-node logs every step on `debug` unless it runs in production. Host processes inherit this.
process.env.NODE_ENV ??= "production";

try {
  await main(readConfig(process.env), log);
} catch (error) {
  log.fatal(describe(error), error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

async function main(config: AgentConfig, logger: Logger): Promise<void> {
  // Loaded late: together more than half a second, and a bad environment is told at once.
  const { checkCredentials } = await import("./credentials.ts");
  await checkCredentials(config.livekit);
  const { Worker } = await import("./worker/worker.ts");
  // With this process every call would end: none of its errors is worth that.
  const stray = (error: unknown) => logger.error({ event: "agent.unhandled", err: error }, "Uncaught error");
  process.on("uncaughtException", stray);
  process.on("unhandledRejection", stray);
  const worker = new Worker(config, fileURLToPath(new URL("host/main.ts", import.meta.url)), logger);
  const stopped = new Promise<void>((resolve, reject) => {
    const stop = () => void worker.stop().then(resolve, reject);
    process.once("SIGTERM", stop);
    process.once("SIGINT", stop);
  });
  await Promise.race([worker.run().then(() => stopped), stopped]);
}

function describe(error: unknown): object {
  const event = "agent.failed";
  return error instanceof AgentError ? { event, code: error.code } : { event, err: error };
}
