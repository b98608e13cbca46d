/** An agent in a room, as far as the order of arrival goes. */
export interface PresentAgent {
  identity: string;
  /** When LiveKit let it in, milliseconds since 1970. */
  joinedAt: bigint;
}

/**
 * The agent that was in the room before `own`, if any. LiveKit does not deduplicate dispatches, so a repeated one puts
 * two agents into a room. Both must decide alike even if each sees the other: equal times are settled by identity.
 */
export function earlierAgent(own: PresentAgent, others: readonly PresentAgent[]): PresentAgent | undefined {
  return others.find((other) => isBefore(other, own));
}

function isBefore(one: PresentAgent, other: PresentAgent): boolean {
  return one.joinedAt === other.joinedAt ? one.identity < other.identity : one.joinedAt < other.joinedAt;
}
