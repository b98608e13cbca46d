import { normalizeJambones, validateVerb } from "@jambonz/verb-specifications";
import { own } from "@trunkline/contract";
import { answer } from "./answer.ts";
import { type ConfigData, config } from "./config.ts";
import { Dequeue, type DequeueData } from "./dequeue.ts";
import { Dial, type DialData } from "./dial.ts";
import { Enqueue, type EnqueueData } from "./enqueue.ts";
import { type HangupData, hangup } from "./hangup.ts";
import { leave } from "./leave.ts";
import { Pause, type PauseData } from "./pause.ts";
import { type PlayData, play, type SayData, say } from "./play.ts";
import { type RedirectData, redirect } from "./redirect.ts";
import { type SipDeclineData, sipDecline } from "./sip-decline.ts";
import { type TagData, tag } from "./tag.ts";
import type { Verb } from "./verb.ts";

const silent = { info: () => {} };

/** `data` has passed the server's own validation, which is what the casts rest on. */
const MAKERS: Record<string, (data: object) => Verb> = {
  answer,
  config: (data) => config(data as ConfigData),
  dequeue: (data) => new Dequeue(data as DequeueData),
  dial: (data) => new Dial(data as DialData),
  enqueue: (data) => new Enqueue(data as EnqueueData),
  hangup: (data) => hangup(data as HangupData),
  leave,
  pause: (data) => new Pause(data as PauseData),
  play: (data) => play(data as PlayData),
  redirect: (data) => redirect(data as RedirectData),
  say: (data) => say(data as SayData),
  "sip:decline": (data) => sipDecline(data as SipDeclineData),
  tag: (data) => tag(data as TagData),
};

/**
 * Turns a webhook's answer into verbs, after the validation that servers run, with the very package
 * (read: feature-server lib/tasks/make_task.js, which calls `@jambonz/verb-specifications`): unknown verbs and unknown
 * properties throw. So does a verb that a real server knows and this one does not play (own: not every verb is needed).
 */
export function makeVerbs(webhookAnswer: unknown): Verb[] {
  return normalizeJambones(silent, webhookAnswer).map((entry) => {
    const [name, data] = Object.entries(entry)[0] ?? [];
    if (name === undefined || typeof data !== "object" || data === null) {
      throw new Error("malformed jambonz application payload");
    }
    validateVerb(name, data, silent);
    const make = own(MAKERS, name);
    if (!make) throw new Error(`the sandbox does not play the verb ${name}`);
    return make(data);
  });
}
