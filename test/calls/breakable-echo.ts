/**
 * Preloaded into the agent's processes (`node --import`): an echo that fails in the middle of a conversation, as a model's
 * connection may, when its caller presses 9.
 */
import type { LiveCall } from "../../service/agent/conversations/conversation.ts";
import { Echo } from "../../service/agent/conversations/echo.ts";
import { onKey } from "../../service/agent/telephony/dtmf.ts";

const talk = Echo.prototype.talk;

Echo.prototype.talk = function (live: LiveCall): Promise<void> {
  const failure = new Promise<void>((_, reject) => {
    onKey(live.room, live.caller, (key) => {
      if (key === "9") reject(new Error("The model has gone away"));
    });
  });
  return Promise.race([talk.call(this, live), failure]);
};
