import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { type Account, emptyAccount } from "../jambonz/account.ts";
import { type StackState, stateFolder } from "./state.ts";

const FILE = () => stateFolder("jambonz.json");

/**
 * The Jambonz account before anything is declared in it: what a provider of Jambonz has made, with its realm and its
 * webhook secret, and not one row. With a kept state: the rows that were declared.
 */
export function openAccount(state: StackState): Account {
  if (existsSync(FILE())) return JSON.parse(readFileSync(FILE(), "utf8")) as Account;
  return emptyAccount({ webhookSecret: state.webhookSecret });
}

/** Beside the Pulumi state: rows and the sids in that state belong together. */
export function keepAccount(account: Account): void {
  writeFileSync(FILE(), JSON.stringify(account, null, 2), { mode: 0o600 });
}
