import { randomBytes } from "node:crypto";

const LETTERS = "abcdefghijklmnopqrstuvwxyz234567";
/** 5 bits each: 100 bits, so that no two stacks ever have the same. */
const LENGTH = 20;

/** The identity of a new stack. Letters and digits only: it is part of names, keys and metadata. */
export function newStackId(): string {
  return Array.from(randomBytes(LENGTH), (byte) => LETTERS[byte % LETTERS.length]).join("");
}
