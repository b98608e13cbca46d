/**
 * The metadata of a room that was made before its call, and of the job of the agent who waits there. A room that is given to a call gets
 * the call's context (CallContext, as JSON) for metadata instead.
 */
export const STANDBY = JSON.stringify({ standby: true });
