import { type DestinationStream, type Logger, type LoggerOptions, pino } from "pino";

import { redactLine } from "./redact-line.ts";

export type { Logger } from "pino";

/** What the services' settings and jobs hold that nobody may read in a log. */
const SECRETS = [
  ...["apiSecret", "secret", "password", "token", "callsToken", "webhookSecrets", "headers.authorization"],
  ...["livekit.apiSecret", "redis.url", "calls.livekitSip.password", "conversation.apiKey", "conversation.apiSecret"],
];
/** Where they would be if somebody logged a whole object. Named one by one: a wildcard doubles what every line costs. */
const PLACES = ["", "config.", "settings.", "job.", "req."];

/**
 * One JSON object a line: `{"level","time" (ms since 1970),"service","msg",…}`. Level by LOG_LEVEL, default `info`.
 * @param to where lines go, by default stdout.
 * @param more what is done to each line.
 */
export function serviceLogger(
  service: string,
  to?: DestinationStream,
  more: Pick<LoggerOptions, "hooks" | "mixin" | "serializers"> = {},
): Logger {
  const options: LoggerOptions = {
    ...more,
    base: { service },
    level: process.env.LOG_LEVEL ?? "info",
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: PLACES.flatMap((place) => SECRETS.map((name) => place + name)), censor: "[hidden]" },
    // Whatever was logged: what only was meant to be masked is masked here.
    hooks: { ...more.hooks, streamWrite: redactLine },
  };
  return to === undefined ? pino(options) : pino(options, to);
}
