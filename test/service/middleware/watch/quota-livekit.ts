import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

const MINUTE_MS = 60_000;

interface Participant {
  identity: string;
  kind: "AGENT" | "SIP";
  attributes: Record<string, string>;
  tracks: { sid: string; type: "AUDIO" }[];
}

/**
 * LiveKit's API as far as the middleware uses it, with the limit that LiveKit Cloud documents: beyond so many requests in a minute it answers
 * 429 (facts: scaling, "Requests to LiveKit"). A room gets its agent some time after it was made, as from a worker.
 */
export class QuotaLiveKit {
  readonly rooms = new Map<string, Participant[]>();
  /** By method; `refused` of all. */
  readonly counts = new Map<string, number>();
  refused = 0;
  onAgent: (callId: string) => void = () => undefined;
  onLeg: (callId: string) => void = () => undefined;
  readonly #perMinute: number;
  readonly #at: number[] = [];
  readonly #server: Server;

  private constructor(perMinute: number) {
    this.#perMinute = perMinute;
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const { status, body } = this.#answer(request.url ?? "", Buffer.concat(chunks).toString());
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
      });
    });
  }

  static async start(perMinute: number): Promise<QuotaLiveKit> {
    const livekit = new QuotaLiveKit(perMinute);
    await new Promise<void>((resolve) => livekit.#server.listen(0, "127.0.0.1", resolve));
    return livekit;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get total(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(path: string, text: string): { status: number; body: object } {
    const method = path.split("/").at(-1) ?? "";
    this.counts.set(method, (this.counts.get(method) ?? 0) + 1);
    const now = Date.now();
    while ((this.#at[0] ?? now) <= now - MINUTE_MS) this.#at.shift();
    if (this.#at.length >= this.#perMinute) {
      this.refused++;
      return { status: 429, body: { code: "resource_exhausted", msg: "rate limit exceeded" } };
    }
    this.#at.push(now);
    return { status: 200, body: this.#perform(method, JSON.parse(text) as Record<string, never>) };
  }

  #perform(
    method: string,
    request: {
      room?: string;
      name?: string;
      names?: string[];
      roomName?: string;
      participantIdentity?: string;
      sipTrunkId?: string;
    },
  ): object {
    const room = request.room ?? request.name ?? request.roomName ?? "";
    switch (method) {
      case "CreateRoom":
        this.rooms.set(room, []);
        setTimeout(() => this.#agentJoins(room), 300);
        return { sid: "RM_1", name: room };
      case "ListRooms":
        return {
          rooms: [...this.rooms.keys()]
            .filter((name) => request.names?.includes(name) ?? true)
            .map((name) => this.#roomOf(name)),
        };
      case "ListParticipants":
        return { participants: this.rooms.get(room) ?? [] };
      case "CreateSIPParticipant":
        setTimeout(() => this.#legJoins(room), 200);
        return {
          participant_id: "PA_1",
          participant_identity: request.participantIdentity,
          room_name: room,
          sip_trunk_id: request.sipTrunkId,
          sip_call_id: "SCL_1",
        };
      case "ListDispatch":
        return { agent_dispatches: [] };
      case "CreateDispatch":
        return { id: "AD_1", agent_name: "agent", room };
      case "ListSIPOutboundTrunk":
        return { items: [] };
      default:
        if (method === "DeleteRoom") this.rooms.delete(room);
        return {};
    }
  }

  #roomOf(name: string): object {
    const participants = this.rooms.get(name) ?? [];
    const callers = participants.filter(({ kind }) => kind === "SIP").length;
    return { sid: "RM_1", name, num_participants: callers, num_publishers: participants.length, creation_time: "1" };
  }

  #agentJoins(room: string): void {
    this.#join(room, {
      identity: "agent-1",
      kind: "AGENT",
      attributes: { "trunkline.build": "x" },
      tracks: [{ sid: "TR_1", type: "AUDIO" }],
    });
    this.onAgent(room.replace("call-", ""));
  }

  #legJoins(room: string): void {
    this.#join(room, {
      identity: `caller-${room.replace("call-", "")}`,
      kind: "SIP",
      attributes: { "sip.callStatus": "active" },
      tracks: [],
    });
    this.onLeg(room.replace("call-", ""));
  }

  #join(room: string, participant: Participant): void {
    this.rooms.get(room)?.push(participant);
  }
}
