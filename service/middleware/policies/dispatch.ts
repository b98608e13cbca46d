/** One agent dispatch of a room: its id, and whether a worker runs a job of it. */
export interface DispatchView {
  readonly id: string;
  readonly running: boolean;
}

export type DispatchDecision =
  | { readonly kind: "wait" }
  | { readonly kind: "redispatch"; readonly remove: readonly string[] };

/**
 * What to do about an agent that is not there in time. A job request lives 3 s and LiveKit does not repeat it, so later than that
 * a dispatch without a running job is lost. Lost ones are removed first: LiveKit would run both, with two agents in one room.
 */
export function decideDispatch(dispatches: readonly DispatchView[]): DispatchDecision {
  if (dispatches.some((dispatch) => dispatch.running)) return { kind: "wait" };
  return { kind: "redispatch", remove: dispatches.map((dispatch) => dispatch.id) };
}
