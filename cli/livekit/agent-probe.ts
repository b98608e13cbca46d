import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { type AgentSeen, ask, dispatchesIn } from "./agents-seen.ts";
import type { Connection } from "./connection.ts";

/** A job request lives 3 s; a worker that is there takes it in much less. */
const LONGEST_MS = 5_000;
const INTERVAL_MS = 250;

/** Asks for each agent in an empty room of its own, which is removed again: the only way to know that a worker is there now. */
export async function probeAgents(connection: Connection, names: readonly string[]): Promise<AgentSeen[]> {
  return Promise.all(names.map((name) => probe(connection, name)));
}

async function probe(connection: Connection, agentName: string): Promise<AgentSeen> {
  const room = `trunkline-probe-${randomUUID()}`;
  const service = { name: "RoomService", grant: { roomCreate: true } } as const;
  await ask(connection, {
    method: "CreateRoom",
    service,
    body: { name: room, emptyTimeout: 10, agents: [{ agentName }] },
  });
  try {
    const started = performance.now();
    while (performance.now() - started < LONGEST_MS) {
      const dispatches = await dispatchesIn(connection, room);
      if (dispatches.some(({ state }) => (state?.jobs ?? []).length > 0))
        return {
          name: agentName,
          registered: "yes",
          why: `a worker took its dispatch within ${Math.round(performance.now() - started)} ms`,
        };
      await pause(INTERVAL_MS);
    }
    return {
      name: agentName,
      registered: "no",
      why: `no worker took its dispatch within ${LONGEST_MS / 1000} s: none is registered, or all are full`,
    };
  } finally {
    await ask(connection, { method: "DeleteRoom", service, body: { room } });
  }
}
