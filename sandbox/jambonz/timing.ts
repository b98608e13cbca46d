/** jambonz's own delays, ms. Each is one of the server's, not a choice of this sandbox. */

/** Silence before every waitHook (read: feature-server lib/tasks/enqueue.js: `silence_stream://500`). */
const WAIT_HOOK_SILENCE = 500;
/** What FreeSWITCH needs between two plays, and the webhook: hold music has gaps of 660 to 680 ms (seen live: jambonz-live, section 3). */
const BETWEEN_PLAYS = 150;
/** From the end of what was played to the next waitHook, ms. */
export const BEFORE_WAIT_HOOK = WAIT_HOOK_SILENCE + BETWEEN_PLAYS;
/** A dequeue's sleep before its first look (read: feature-server lib/tasks/dequeue.js: "to avoid clipping") (seen live: jambonz-live, section 8). */
export const BEFORE_DEQUEUE = 1000;
/** Between two looks of a dequeue (read: feature-server lib/tasks/dequeue.js). */
export const DEQUEUE_POLL = 5000;
/** How long a dequeue waits for its partner to be bridged (read: feature-server lib/tasks/dequeue.js: bridgeTimer). */
export const BRIDGE_TIMEOUT = 20_000;
/** A play that is replaced so soon after its start takes the new one with it (seen live: jambonz-live, section 10). */
export const PLAY_RACE = 20;
/** Ringing time of a dial without `timeout` (read: feature-server lib/tasks/dial.js). */
export const DIAL_TIMEOUT = 60_000;
/** Re-INVITE after the answer when media is not anchored (read: feature-server lib/tasks/dial.js _releaseMedia). */
export const MEDIA_RELEASE = 200;
/** From a dial's action hook to the `completed` status of its leg (seen live: jambonz-live, section 5). */
export const LEG_COMPLETED = 140;
/** Time to a webhook's response headers (read: feature-server JAMBONES_HTTP_TIMEOUT) (seen live: jambonz-live, section 8). */
export const HOOK_TIMEOUT = 10_000;
/** First pause between two tries of a webhook; doubles up to 2 s, then grows by 2 s (read: feature-server lib/utils/http-requestor.js) (seen live: jambonz-live, section 5). */
export const HOOK_BACK_OFF = 500;

/** Resolves after `ms`; does not keep the process alive. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
