export { comparableNumber, isCountry, type ReadNumber, readNumber, toE164, userPart } from "./read-number.ts";
export { type Refusal, refusalOf } from "./refusal.ts";
