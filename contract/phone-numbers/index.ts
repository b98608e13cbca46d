export {
  comparableNumber,
  exitCodeOf,
  isCountry,
  type ReadNumber,
  readNumber,
  strayNationalPrefix,
  toE164,
  userPart,
} from "./read-number.ts";
export { type Refusal, refusalOf } from "./refusal.ts";
