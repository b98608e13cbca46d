import { setTimeout as pause } from "node:timers/promises";
import type { Phone } from "../../sandbox/callers/sipp-caller.ts";
import type { SeenEvent } from "../../sandbox/start/event-log.ts";

/** A tone that nothing else in the system makes. */
export const CALLER_HZ = 1_234;
/** How long the caller's tone lasts. The agent says the same back. */
const SAID_MS = 1_000;
/** The echo of a voice that is stretched by the worst known factor has ended by then, and something is left to see that it has. */
const ECHO_MS = 1_400;
const KEY = "5";
const GREETED_LIMIT_MS = 30_000;
/** A key that is expected may take its time; one that is not has arrived by then, if it does. */
const KEY_LIMIT_MS = { expected: 8_000, unexpected: 1_500 };
const STEP_MS = 25;

/** What became of the caller's part of a call. */
export interface Said {
  /** Of the caller's tone, 0 when it never came to that. */
  ms: number;
  /** The agent has noticed the caller's key, and the caller the agent's. */
  keyToAgent: boolean;
  keyToCaller: boolean;
}

/** How to see this call from outside. */
export interface Watch {
  events: () => SeenEvent[];
  /** The call has ended. */
  isOver: () => boolean;
}

/** Listens to the greeting, says a tone once, listens to its echo, presses a key. Ends at once when the call does. */
export async function converse(phone: Phone, watch: Watch, hasKeys: boolean): Promise<Said> {
  const nothing: Said = { ms: 0, keyToAgent: false, keyToCaller: false };
  const isGreeted = await comes(watch, GREETED_LIMIT_MS, () => has(watch, "greeting.finished"));
  if (!isGreeted) return nothing;
  const ms = await say(phone, watch);
  await comes(watch, ECHO_MS, () => false);
  phone.press(KEY);
  const keyLimitMs = hasKeys ? KEY_LIMIT_MS.expected : KEY_LIMIT_MS.unexpected;
  const [keyToAgent, keyToCaller] = await Promise.all([
    comes(watch, keyLimitMs, () => has(watch, "caller.key")),
    comes(watch, keyLimitMs, () => phone.heardKeys.includes(KEY)),
  ]);
  return { ms, keyToAgent, keyToCaller };
}

async function say(phone: Phone, watch: Watch): Promise<number> {
  const from = performance.now();
  phone.say(CALLER_HZ);
  await comes(watch, SAID_MS, () => false);
  phone.say(0);
  return performance.now() - from;
}

function has({ events }: Watch, wanted: string): boolean {
  return events().some(({ event }) => event === wanted);
}

/** Whether it has come, at the latest after `limitMs`; no longer looked for once the call is over. */
async function comes(watch: Watch, limitMs: number, isSo: () => boolean): Promise<boolean> {
  for (const end = performance.now() + limitMs; performance.now() < end && !watch.isOver(); await pause(STEP_MS))
    if (isSo()) return true;
  return isSo();
}
