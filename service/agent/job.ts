/** One call to be taken by this worker, as handed from the worker to a host process. Plain data. */
export interface CallJob {
  /** LiveKit's job id; that of a second attempt is ours. */
  id: string;
  room: string;
  /** What the dispatch carries: a CallContext as JSON. */
  metadata: string;
  /** Where to join, and as whom. */
  url: string;
  token: string;
  identity: string;
  /** 1, or 2 after the first host process has died in the call. */
  attempt: number;
  /** The agent of the first attempt: it may still be seen in the room. */
  replaces?: string;
  /** The first host process died when this call had just begun in it: this call may be why. */
  isSuspect?: boolean;
}
