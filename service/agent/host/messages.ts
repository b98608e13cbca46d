import type { AgentReport } from "@trunkline/shared";
import type { EndReason } from "../call-end.ts";
import type { CallJob } from "../job.ts";
import type { Vitals } from "./vitals.ts";

/** What a worker tells a host process. */
export type ToHost =
  | { type: "start"; job: CallJob }
  | { type: "stop"; jobId: string; reason: EndReason }
  | { type: "ping" }
  /** Agents that only wait for a call leave: they are wanted elsewhere. */
  | { type: "release" }
  /** Takes no more part: releases as above, and ends when its last call has ended. */
  | { type: "close" }
  | { type: "answer"; request: number; error?: string };

/** What a host process tells its worker. */
export type FromHost =
  | { type: "ready" }
  /** The room that an agent has waited in has been given to a call. */
  | { type: "preparing"; jobId: string }
  /** The agent of this call can hear and speak, or waits in its room for one. */
  | { type: "prepared"; jobId: string }
  | { type: "ended"; jobId: string; reason: EndReason }
  /** How the call goes. */
  | { type: "report"; jobId: string; report: AgentReport }
  | ({ type: "pong" /** Uncaught exceptions that came from no call. */; strays?: number } & Vitals)
  | { type: "request"; request: number; jobId: string; action: RoomAction };

/** What only the worker may do, which holds the key of the LiveKit project. */
export type RoomAction =
  | { name: "deleteRoom" }
  | { name: "transfer"; identity: string; to: string; headers: Record<string, string> };
