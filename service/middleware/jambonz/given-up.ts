import { setImmediate as nextTurn } from "node:timers/promises";
import { TIMERS } from "@trunkline/shared";
import type { FastifyRequest } from "fastify";
import { signedPartOf } from "./hooks.ts";
import { ageOf } from "./signature.ts";

/**
 * Whether jambonz has given up on this webhook before it was looked at: the caller has heard 480 by then. It happens to a service
 * that was frozen (SIGSTOP, a paused machine): seen on a real jambonz, which waits for 10.5 s. Age alone does not tell, since a
 * repeated webhook keeps its signature for 13.5 s; the connection does, once the event loop has read what came meanwhile.
 */
export async function hasGivenUp(request: FastifyRequest): Promise<boolean> {
  const age = ageOf(signedPartOf(request.headers));
  if (age === undefined || age * 1_000 < TIMERS.webhookDeadlineMs) return false;
  await nextTurn();
  await nextTurn(); // a FIN behind the last bytes is read one turn later
  const { socket } = request.raw;
  return socket.destroyed || socket.readableEnded;
}
