export * from "./media.ts";
export * from "./phone-numbers/index.ts";
