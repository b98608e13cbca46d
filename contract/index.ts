export * from "./invisible.ts";
export * from "./limits.ts";
export * from "./media.ts";
export * from "./nearest.ts";
export * from "./own.ts";
export * from "./phone-numbers/index.ts";
export * from "./pulumi-environment.ts";
export * from "./transport.ts";
