import { voice } from "@livekit/agents";
import type { TelephonySettings } from "../telephony/settings.ts";
import { SilenceWatch } from "../telephony/silence-watch.ts";

const { AgentStateChanged, UserStateChanged } = voice.AgentSessionEventTypes;

/** Watches a caller's silence in a session: time runs while nobody speaks, nor is about to. Keys are to be told with `heard`. */
export function watchSilence(
  session: voice.AgentSession,
  { silence: limits }: TelephonySettings,
  isOnHold: () => boolean,
  onAsk: () => void,
  onEnd: () => void,
): SilenceWatch {
  const silence = new SilenceWatch(limits, onAsk, onEnd);
  session.on(UserStateChanged, ({ newState }) => {
    if (newState === "speaking") silence.stop();
    else silence.heard();
  });
  session.on(AgentStateChanged, ({ newState }) => {
    if (silence.hasAsked) return; // what the agent says then is the question
    if (newState === "listening" && !isOnHold()) silence.heard();
    else silence.stop();
  });
  return silence;
}
