import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { AccessToken, RoomServiceClient } from "livekit-server-sdk";
import { type Running, Supervisor } from "../../../sandbox/processes/supervisor.ts";
import { type LivekitServer, startLivekitServer } from "../../../sandbox/servers/livekit-server.ts";
import { startRedis } from "../../../sandbox/servers/redis.ts";
import {
  AGENT_NAME,
  type CallContext,
  callerIdentity,
  newCallId,
  roomName,
  STANDBY,
} from "../../../service/shared/index.ts";

/** One JSON line of a process. */
export type Line = Record<string, unknown> & { event?: string; time: number };

/** Redis, livekit-server and the agent's worker, real ones, and callers without SIP. */
export class AgentBench {
  readonly lines: Line[] = [];
  readonly #folder = mkdtempSync(join(tmpdir(), "agent-test-"));
  readonly #supervisor = new Supervisor({ folder: this.#folder });
  #callers = 0;
  #workers = 0;
  livekit!: LivekitServer;
  rooms!: RoomServiceClient;
  worker!: Running;

  async start(environment: NodeJS.ProcessEnv = {}): Promise<void> {
    const redis = await startRedis(this.#supervisor);
    this.livekit = await startLivekitServer(this.#supervisor, { redisPort: redis.port });
    this.rooms = new RoomServiceClient(this.livekit.httpUrl, this.livekit.apiKey, this.livekit.apiSecret);
    this.worker = await this.startWorker(environment);
    await this.event("agent.registered");
  }

  async stop(): Promise<void> {
    await this.#supervisor.stopAll();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  startWorker(environment: NodeJS.ProcessEnv = {}): Promise<Running> {
    const { url, apiKey, apiSecret } = this.livekit;
    const livekit = { LIVEKIT_URL: url, LIVEKIT_API_KEY: apiKey, LIVEKIT_API_SECRET: apiSecret };
    return this.#node(`worker-${++this.#workers}`, ["service/agent/main.ts"], this.lines, {
      ...livekit,
      NODE_ENV: "production",
      ...environment,
    });
  }

  /** An agent outside of the worker, whose conversation fails half a second after the caller can be talked to. */
  startFailingAgent(call: CallContext): Promise<Running> {
    return this.startLoneAgent("failing-agent.ts", call);
  }

  /** A process that joins the call's room as an agent, outside of the worker. @param file in this folder. */
  async startLoneAgent(file: string, call: CallContext): Promise<Running> {
    const token = new AccessToken(this.livekit.apiKey, this.livekit.apiSecret, { identity: "agent-AJ_test" });
    token.kind = "agent";
    token.addGrant({ roomJoin: true, agent: true, room: roomName(call.callId) });
    const args = [`test/service/agent/${file}`, this.livekit.url, await token.toJwt(), JSON.stringify(call)];
    return this.#node(file.replace(/\W/g, "-"), args, this.lines, { NODE_ENV: "production" });
  }

  /** Creates the room of a new call with `agents` dispatches of the agent. Returns when LiveKit has the room. */
  async newCall(flow: CallContext["flow"], agents = 1): Promise<CallContext> {
    const call = callOf(flow);
    await this.#createRoom(call, JSON.stringify(call), { agents });
    return call;
  }

  /** Creates a room ahead of its call, with an agent who waits. Returns the call that it is for. */
  async newStandby(flow: CallContext["flow"], emptyTimeout = 60): Promise<CallContext> {
    const call = callOf(flow);
    await this.#createRoom(call, STANDBY, { emptyTimeout });
    return call;
  }

  /** What the middleware does when the call comes. */
  async give(call: CallContext): Promise<void> {
    await this.rooms.updateRoomMetadata(roomName(call.callId), JSON.stringify(call));
  }

  async #createRoom(
    { callId }: CallContext,
    metadata: string,
    { agents = 1, emptyTimeout = 60 }: { agents?: number; emptyTimeout?: number },
  ): Promise<void> {
    const room = { name: roomName(callId), emptyTimeout, departureTimeout: 5, maxParticipants: 1 };
    const dispatches = Array.from({ length: agents }, () => ({ agentName: AGENT_NAME, metadata }));
    await this.rooms.createRoom({ ...room, ...(agents > 0 && { agents: dispatches as never }) });
  }

  /** A caller in the call's room, still ringing. */
  async joinCaller(call: CallContext): Promise<{ lines: Line[]; obey(command: string): void; process: Running }> {
    const attributes = { "sip.callStatus": "ringing", "sip.phoneNumber": call.caller, "call.id": call.callId };
    const token = new AccessToken(this.livekit.apiKey, this.livekit.apiSecret, {
      identity: callerIdentity(call.callId),
      attributes,
    });
    token.addGrant({ roomJoin: true, room: roomName(call.callId), canUpdateOwnMetadata: true });
    const lines: Line[] = [];
    const name = `caller-${++this.#callers}`;
    const caller = await this.#node(
      name,
      ["test/service/agent/caller.ts", this.livekit.url, await token.toJwt()],
      lines,
      { NODE_ENV: "production" },
    );
    await found(lines, (line) => line.event === "joined");
    return { lines, process: caller, obey: (command) => void caller.stdin?.write(`${command}\n`) };
  }

  /** The agent's next line with this event (and of this call). */
  event(event: string, call?: CallContext): Promise<Line> {
    return found(this.lines, (line) => line.event === event && (!call || line.callId === call.callId), event);
  }

  #node(name: string, args: string[], lines: Line[], environment: NodeJS.ProcessEnv): Promise<Running> {
    const onLine = (line: string) => void (line.startsWith("{") && lines.push(JSON.parse(line) as Line));
    const env = { PATH: process.env.PATH, HOME: process.env.HOME, ...environment };
    return this.#supervisor.start({ name, command: process.execPath, args, env, stdin: true, onLine });
  }
}

function callOf(flow: CallContext["flow"]): CallContext {
  return { callId: newCallId(), flow, caller: "+4930123456", called: "+4940654321", headers: {} };
}

/** Waits up to 10 s for a line. */
export async function found(lines: Line[], isWanted: (line: Line) => boolean, what = "a line"): Promise<Line> {
  for (const end = Date.now() + 10_000; Date.now() < end; await sleep(20)) {
    const line = lines.find(isWanted);
    if (line) return line;
  }
  throw new Error(`${what} did not come within 10 s; seen: ${lines.map((line) => line.event ?? line.msg).join(", ")}`);
}
