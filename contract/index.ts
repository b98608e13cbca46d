export * from "./phone-numbers/index.ts";
