import { bounded } from "@trunkline/contract/outgoing";
import {
  AGENT_NAME,
  type CallContext,
  callerIdentity,
  callIdOfRoom,
  callRoomMetadata,
  participantAttributes,
  roomMark,
  roomName,
  STANDBY,
  standbyRoomMetadata,
  Throttle,
  TIMERS,
} from "@trunkline/shared";
import * as sdk from "livekit-server-sdk";
import {
  AgentDispatchClient,
  type CreateOptions,
  RoomAgentDispatch,
  RoomServiceClient,
  SipClient,
} from "livekit-server-sdk";
import { type DispatchView, decideDispatch } from "../policies/dispatch.ts";
import { isGone, mayBeOrphaned, roomRetryPauseMs } from "../policies/retry.ts";
import { failureOf, repeated } from "./failure.ts";
import { RequestTally } from "./request-tally.ts";
import { dispatchView, isLeg, type RoomSight, roomView } from "./views.ts";

/** A room `call-<id>` as LiveKit lists it; `createdAt` in milliseconds since 1970. */
export interface LiveRoom {
  readonly callId: string;
  readonly createdAt: number;
  /** By its metadata a room of this stack. Without a mark it may be any application's: only a record of this stack can claim it. */
  readonly isMarked: boolean;
  /** Made ahead of its call, and not yet given to one. */
  readonly isStandby: boolean;
}

/** How many are in a call's room, as LiveKit's list tells: up to 5 s late (livekit-server 1.13.5, rtc/room.go, roomUpdateInterval). */
export interface RoomCount {
  readonly callId: string;
  /** Agents do not count. */
  readonly callers: number;
  /** Everybody who is heard, agents too. */
  readonly publishers: number;
}

/** What the middleware needs of LiveKit, in the words of a call. */
export interface CallRooms {
  /** Makes the call's room and dispatches the agent into it, in one request. */
  createCallRoom(call: CallContext): Promise<void>;
  /** Makes a room ahead of its call, with an agent who waits in it. */
  createStandbyRoom(callId: string): Promise<void>;
  /** Gives such a room to its call: the agent begins. A room or an agent that is gone is replaced. */
  giveRoom(call: CallContext): Promise<void>;
  lookInto(callId: string): Promise<RoomSight>;
  /** Has LiveKit call `call-<id>` at jambonz; returns the SIP call id as soon as the request is accepted. */
  createAgentLeg(call: CallContext): Promise<string>;
  /** Dispatches the agent anew if no job runs; tells whether it did. */
  ensureDispatch(call: CallContext): Promise<boolean>;
  /** Dispatches another agent, whatever the jobs of the room say: a killed agent's job may be told to run for a while. */
  replaceAgent(call: CallContext): Promise<void>;
  /** Puts an agent out of the room; one that is not there is no error. */
  removeAgent(callId: string, identity: string): Promise<void>;
  /** Ends LiveKit's leg, whereupon the agent leaves; a leg that is not there is no error. */
  removeLeg(call: Pick<CallContext, "callId" | "flow">): Promise<void>;
  /** Ends everything in the room; a room that is not there is no error. */
  deleteRoom(callId: string): Promise<void>;
  /** Of the rooms of these calls those that LiveKit lists, in one request. An absent one may be gone, or LiveKit has lost its list. */
  countRooms(callIds: readonly string[]): Promise<RoomCount[]>;
  /** Rooms that are named like a call's: those of this stack, and those without a mark. */
  listCallRooms(): Promise<LiveRoom[]>;
  /** Whether LiveKit has the outbound trunk; rejects when it does not answer or refuses the key. */
  hasTrunk(): Promise<boolean>;
  /** What all of this has cost so far. */
  readonly requests: RequestTally;
}

export interface LiveKitSettings {
  url: string;
  apiKey: string;
  apiSecret: string;
  outboundTrunkId: string;
  callLimitSeconds: number;
  /** The identity of the stack: the mark of its rooms. */
  stackId: string;
}

/** Seconds: a webhook is answered within 3 s, so nobody waits for an answer longer than that. */
const REQUEST_TIMEOUT = TIMERS.webhookDeadlineMs / 1_000;

/**
 * LiveKit's server API for calls. Every request carries a token of its own, with the one grant it needs: roomCreate, roomList,
 * roomAdmin of that room, sip.call, and sip.admin for nothing but reading the trunk.
 */
export class LiveKitClient implements CallRooms {
  readonly requests = new RequestTally();
  readonly #settings: LiveKitSettings;
  readonly #rooms: RoomServiceClient;
  readonly #sip: SipClient;
  readonly #dispatches: AgentDispatchClient;

  constructor(settings: LiveKitSettings) {
    const { url, apiKey, apiSecret } = settings;
    const onRequest = (method: string, status: number | undefined) => this.requests.note(method, status);
    const server = { url, timeoutSeconds: REQUEST_TIMEOUT, sdk, onRequest, turn: new Throttle().turn };
    this.#settings = settings;
    this.#rooms = bounded(new RoomServiceClient(url, apiKey, apiSecret), server);
    this.#sip = bounded(new SipClient(url, apiKey, apiSecret), server);
    this.#dispatches = bounded(new AgentDispatchClient(url, apiKey, apiSecret), server);
  }

  async createCallRoom(call: CallContext): Promise<void> {
    const metadata = callRoomMetadata(this.#settings.stackId, call);
    await this.#createRoom(call.callId, { emptyTimeout: TIMERS.roomEmptySeconds, metadata }, JSON.stringify(call));
  }

  async createStandbyRoom(callId: string): Promise<void> {
    const metadata = standbyRoomMetadata(this.#settings.stackId);
    await this.#createRoom(callId, { emptyTimeout: TIMERS.standbyRoomSeconds, metadata }, STANDBY);
  }

  async giveRoom(call: CallContext): Promise<void> {
    const metadata = callRoomMetadata(this.#settings.stackId, call);
    const given = this.#rooms.updateRoomMetadata(roomName(call.callId), metadata);
    try {
      const [sight] = await Promise.all([this.lookInto(call.callId), given]);
      if (sight.agents.length === 0) await this.replaceAgent(call);
    } catch (error) {
      if (!isGone(failureOf(error))) throw error;
      await this.createCallRoom(call);
    }
  }

  async #createRoom(callId: string, options: Partial<CreateOptions>, agentMetadata: string): Promise<void> {
    const room = {
      name: roomName(callId),
      departureTimeout: TIMERS.roomDepartureSeconds,
      maxParticipants: 1, // the caller; agents do not count
      agents: [new RoomAgentDispatch({ agentName: AGENT_NAME, metadata: agentMetadata })],
      ...options,
    };
    await repeated(() => this.#rooms.createRoom(room), roomRetryPauseMs);
  }

  async lookInto(callId: string): Promise<RoomSight> {
    return roomView(await this.#rooms.listParticipants(roomName(callId)), callerIdentity(callId));
  }

  async createAgentLeg(call: CallContext): Promise<string> {
    const room = roomName(call.callId);
    const leg = await this.#sip.createSipParticipant(this.#settings.outboundTrunkId, room, room, {
      participantIdentity: callerIdentity(call.callId),
      participantAttributes: participantAttributes(call),
      hidePhoneNumber: true, // else LiveKit overwrites sip.phoneNumber with the called user
      headers: { "X-Call-Id": call.callId },
      ringingTimeout: TIMERS.ringingSeconds,
      maxCallDuration: this.#settings.callLimitSeconds,
      waitUntilAnswered: false,
    });
    return leg.sipCallId;
  }

  async ensureDispatch(call: CallContext): Promise<boolean> {
    const decision = decideDispatch(await this.#listDispatches(call));
    if (decision.kind === "wait") return false;
    await this.#dispatchAnew(call, decision.remove);
    return true;
  }

  async replaceAgent(call: CallContext): Promise<void> {
    await this.#dispatchAnew(
      call,
      (await this.#listDispatches(call)).map(({ id }) => id),
    );
  }

  async removeAgent(callId: string, identity: string): Promise<void> {
    await this.#remove(callId, identity);
  }

  /** callback: the leg has the identity that we gave it. dial: LiveKit has chosen one. */
  async removeLeg({ callId, flow }: Pick<CallContext, "callId" | "flow">): Promise<void> {
    if (flow === "callback") return this.#remove(callId, callerIdentity(callId));
    const participants = await this.#rooms.listParticipants(roomName(callId));
    const legs = participants.filter((participant) => isLeg(participant, callerIdentity(callId)));
    await Promise.all(legs.map(({ identity }) => this.#remove(callId, identity)));
  }

  async #remove(callId: string, identity: string): Promise<void> {
    await ignoringNotFound(this.#rooms.removeParticipant(roomName(callId), identity));
  }

  async #listDispatches(call: CallContext): Promise<DispatchView[]> {
    return (await this.#dispatches.listDispatch(roomName(call.callId))).map(dispatchView);
  }

  async #dispatchAnew(call: CallContext, remove: readonly string[]): Promise<void> {
    const room = roomName(call.callId);
    for (const id of remove) await ignoringNotFound(this.#dispatches.deleteDispatch(id, room));
    await this.#dispatches.createDispatch(room, AGENT_NAME, { metadata: JSON.stringify(call) });
  }

  async deleteRoom(callId: string): Promise<void> {
    const name = roomName(callId);
    try {
      await ignoringNotFound(this.#rooms.deleteRoom(name));
    } catch (error) {
      if (!mayBeOrphaned(failureOf(error))) throw error;
      await this.#rooms.createRoom({ name, emptyTimeout: 1, metadata: standbyRoomMetadata(this.#settings.stackId) });
      await ignoringNotFound(this.#rooms.deleteRoom(name));
    }
  }

  async countRooms(callIds: readonly string[]): Promise<RoomCount[]> {
    const rooms = await this.#rooms.listRooms(callIds.map(roomName));
    return rooms.flatMap(({ name, numParticipants: callers, numPublishers: publishers }) => {
      const callId = callIdOfRoom(name);
      return callId === undefined ? [] : [{ callId, callers, publishers }];
    });
  }

  async listCallRooms(): Promise<LiveRoom[]> {
    return (await this.#rooms.listRooms()).flatMap(({ name, creationTime, metadata }) => {
      const callId = callIdOfRoom(name);
      const { stack, isStandby } = roomMark(metadata);
      const isOthers = stack !== undefined && stack !== this.#settings.stackId;
      if (callId === undefined || isOthers) return [];
      return [{ callId, createdAt: Number(creationTime) * 1_000, isStandby, isMarked: stack !== undefined }];
    });
  }

  async hasTrunk(): Promise<boolean> {
    const { outboundTrunkId } = this.#settings;
    const trunks = await this.#sip.listSipOutboundTrunk({ trunkIds: [outboundTrunkId] });
    return trunks.some(({ sipTrunkId }) => sipTrunkId === outboundTrunkId);
  }
}

async function ignoringNotFound(request: Promise<unknown>): Promise<void> {
  try {
    await request;
  } catch (error) {
    if (failureOf(error).status !== 404) throw error;
  }
}
