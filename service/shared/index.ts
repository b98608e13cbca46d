export * from "./agent-report.ts";
export * from "./call-id.ts";
export * from "./context.ts";
export * from "./log.ts";
export * from "./mask.ts";
export * from "./names.ts";
export * from "./room-metadata.ts";
export * from "./timers.ts";
