import { bounded } from "@trunkline/contract/outgoing";
import { Throttle } from "@trunkline/shared";
import * as sdk from "livekit-server-sdk";
import { AccessToken, RoomServiceClient, SipClient } from "livekit-server-sdk";
import { AGENT_ATTRIBUTES, agentIdentity } from "../agent-identity.ts";
import type { AgentConfig } from "../config.ts";
import type { RoomAction } from "../host/messages.ts";
import type { CallJob } from "../job.ts";

const REQUEST_SECONDS = 5;
/**
 * jambonz takes the leg back as soon as it knows the target, and rings there by itself. Longer means that it does not: the caller must
 * not wait for LiveKit's default of 30 s.
 */
const TRANSFER_SECONDS = 6;
const TOKEN_VALID = "1h"; // as LiveKit's own tokens for agents; a room that was joined renews it

/** What needs the project's key: host processes have none. */
export class RoomControl {
  readonly #livekit: AgentConfig["livekit"];
  readonly #rooms: RoomServiceClient;
  readonly #sip: SipClient;

  constructor(livekit: AgentConfig["livekit"]) {
    const { url, apiKey, apiSecret } = livekit;
    this.#livekit = livekit;
    const server = { url, timeoutSeconds: REQUEST_SECONDS, sdk, turn: new Throttle().turn };
    this.#rooms = bounded(new RoomServiceClient(url, apiKey, apiSecret), server);
    this.#sip = bounded(new SipClient(url, apiKey, apiSecret), server);
  }

  /** @throws what LiveKit answers. */
  async act(room: string, action: RoomAction): Promise<void> {
    if (action.name === "deleteRoom") await this.#rooms.deleteRoom(room);
    else await this.#transfer(room, action);
  }

  async #transfer(room: string, { identity, to, headers }: Extract<RoomAction, { name: "transfer" }>): Promise<void> {
    await this.#sip.transferSipParticipant(room, identity, to, { headers, ringingTimeout: TRANSFER_SECONDS });
  }

  /** Whether the call still has its room: joining a room that is gone would make it anew. */
  async exists(room: string): Promise<boolean> {
    const rooms = await this.#rooms.listRooms([room]).catch(() => []);
    return rooms.length > 0;
  }

  /**
   * The next attempt at a call whose process has died, its dead agent put out of the room first. LiveKit ends the dead agent's job
   * for that, so the next one is none of LiveKit's jobs and has an id of its own.
   */
  async nextAttempt(job: CallJob): Promise<CallJob> {
    await this.#rooms.removeParticipant(job.room, job.identity).catch(() => undefined);
    const attempt = job.attempt + 1;
    const id = `${job.id}-${attempt}`;
    const identity = agentIdentity(id);
    return { ...job, id, attempt, identity, token: await this.#ticket(job.room, identity), replaces: job.identity };
  }

  #ticket(room: string, identity: string): Promise<string> {
    const { apiKey, apiSecret } = this.#livekit;
    const token = new AccessToken(apiKey, apiSecret, {
      identity,
      ttl: TOKEN_VALID,
      attributes: { ...AGENT_ATTRIBUTES },
    });
    token.kind = "agent";
    const may = { canPublish: true, canSubscribe: true, canPublishData: true, canUpdateOwnMetadata: true };
    token.addGrant({ room, roomJoin: true, agent: true, ...may });
    return token.toJwt();
  }
}
