import { onKey } from "../telephony/dtmf.ts";
import type { LiveCall } from "./conversation.ts";

/** A number is complete when no further key follows for so long, or with `#`. */
const PAUSE_MS = 1_500;

/**
 * Collects the keys that a caller presses to what they meant to enter.
 * @param pressed called for each key
 * @param entered called with all of them, when they are complete
 */
export function collectKeys(
  { room, caller, end }: LiveCall,
  pressed: () => void,
  entered: (keys: string) => void,
): void {
  let keys = "";
  let timer: NodeJS.Timeout | undefined;
  const complete = () => {
    clearTimeout(timer);
    const all = keys;
    keys = "";
    if (all !== "" && !end.signal.aborted) entered(all);
  };
  onKey(room, caller, (key) => {
    pressed();
    keys += key;
    clearTimeout(timer);
    if (key === "#") return complete();
    timer = setTimeout(complete, PAUSE_MS);
  });
  end.signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
}
