import { ConnectionState, type Participant, ParticipantKind, Room, RoomEvent } from "@livekit/rtc-node";
import { callIdOfRoom, type Logger } from "@trunkline/shared";
import { hasAgentName } from "./agent-identity.ts";
import { CallEnd, type EndReason } from "./call-end.ts";
import { earlierAgent, type PresentAgent } from "./earlier-agent.ts";
import { livesOn, startBeating } from "./heartbeat.ts";
import type { CallJob } from "./job.ts";
import { RoomHandles } from "./room-handles.ts";

/** For so long after a new connection LiveKit's word about the one before may be on its way. */
const RECONNECTED_MS = 5_000;

/** The agent's stay in the room of one job, from the way in to the way out. */
export class RoomStay {
  readonly job: CallJob;
  readonly room = new Room();
  /** Of the stay, and of the call that it is for. */
  readonly end = new CallEnd();
  /** Whether the agent can hear and speak. */
  isReady = false;
  readonly #log: Logger;
  #handles: RoomHandles | undefined;
  #reconnectedAt = Number.NEGATIVE_INFINITY;
  #stopBeating: () => void = () => undefined;

  constructor(job: CallJob, log: Logger) {
    this.job = job;
    this.#log = log.child({ room: job.room });
  }

  /** For the log: the room is the call's own. */
  get callId(): string {
    return callIdOfRoom(this.job.room) ?? this.job.room;
  }

  get isJoined(): boolean {
    return this.#handles !== undefined;
  }

  /** Shows from now on that it lives. @throws CallEnded, also where an earlier agent is in the room. */
  async join(): Promise<void> {
    const { url, token } = this.job;
    this.room.once(RoomEvent.Disconnected, () => this.end.end("room_closed"));
    this.room.on(RoomEvent.Reconnected, () => this.#onReconnected());
    await this.end.during(this.room.connect(url, token, { autoSubscribe: true, dynacast: false }));
    this.#handles = new RoomHandles(this.room);
    await this.#giveWay();
    this.#stopBeating = startBeating(this.room);
  }

  /**
   * Ends the stay. LiveKit terminates the job of an agent that connects anew, because its participant has left (seen on livekit-server 1.13.5:
   * `removing duplicate participant`, then `job ended`, "agent worker left the room"): whether it may stay is then for the room to say.
   */
  stop(reason: EndReason): void {
    if (reason === "job_terminated" && this.#isConnectingAnew)
      this.#log.warn(
        { event: "agent.termination_ignored" },
        "The job of the connection before was terminated: staying",
      );
    else this.end.end(reason);
  }

  get #isConnectingAnew(): boolean {
    const isAway = this.room.connectionState === ConnectionState.CONN_RECONNECTING;
    return isAway || performance.now() - this.#reconnectedAt < RECONNECTED_MS;
  }

  #onReconnected(): void {
    this.#reconnectedAt = performance.now();
    this.#log.info({ event: "agent.reconnected" }, "The agent is connected to its room again");
  }

  /** Nothing is left of the room in this process afterwards. */
  async leave(): Promise<void> {
    await this.room
      .disconnect()
      .catch((error: unknown) => this.#log.warn({ err: error }, "The room could not be left"));
    this.#stopBeating();
    this.#handles?.release();
  }

  /** An agent whose server has died stays listed for most of a minute, and cannot be removed: it keeps nobody out (seen on 1.13.5). */
  async #giveWay(): Promise<void> {
    const earlier = this.#earlierAgent();
    if (!earlier) return;
    if (!(await this.end.during(livesOn(this.room, earlier.identity)))) {
      this.#log.warn({ event: "agent.replaces_dead", earlier: earlier.identity }, "The earlier agent is dead: staying");
      return;
    }
    this.#log.warn({ event: "agent.duplicate", earlier: earlier.identity }, "An earlier agent is in the room: leaving");
    this.end.end("earlier_agent");
    this.end.signal.throwIfAborted();
  }

  #earlierAgent(): PresentAgent | undefined {
    const { localParticipant, remoteParticipants } = this.room;
    const others = [...remoteParticipants.values()].filter(isOurAgent).map(present);
    const rivals = others.filter(({ identity }) => identity !== this.job.replaces);
    return localParticipant && earlierAgent(present(localParticipant), rivals);
  }
}

function isOurAgent(participant: Participant): boolean {
  return participant.kind === ParticipantKind.AGENT && hasAgentName(participant.attributes);
}

function present(participant: Participant): PresentAgent {
  return { identity: participant.identity, joinedAt: participant.info.joinedAt ?? 0n };
}
