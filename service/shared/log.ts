import { type Logger, pino } from "pino";

export type { Logger } from "pino";

/** One JSON object a line on stdout: `{"level","time" (ms since 1970),"service","msg",…}`. Level by LOG_LEVEL, default `info`. */
export function serviceLogger(service: string): Logger {
  return pino({
    base: { service },
    level: process.env.LOG_LEVEL ?? "info",
    formatters: { level: (label) => ({ level: label }) },
    redact: { paths: ["req.headers.authorization", "*.secret", "*.password", "*.apiSecret"], censor: "[hidden]" },
  });
}
