import { cpus } from "node:os";
import { registered } from "../../sandbox/processes/register.ts";
import { costOf } from "../agent/process-cost.ts";

/** The parts of the system that a call costs something; `callers` is who measures: callers with RTP, and Jambonz. */
export type Part = "agent" | "livekit-sip" | "livekit-server" | "middleware" | "redis" | "callers";
export const PARTS: readonly Part[] = ["agent", "livekit-sip", "livekit-server", "middleware", "redis", "callers"];

/** What a part has used since its start, and holds now. */
export interface Used {
  cpuSeconds: number;
  memoryMb: number;
}

export const CORES = cpus().length;

/** Looks at every part that was started under this register (sandbox/processes/register.ts), and at this process. */
export function lookAtParts(registerFile: string): Record<Part, Used> {
  const used = Object.fromEntries(PARTS.map((part) => [part, { cpuSeconds: 0, memoryMb: 0 }])) as Record<Part, Used>;
  for (const { name, pid } of registered(registerFile)) {
    const { cpuSeconds, memoryMb } = costOf(pid);
    const part = used[partOf(name)];
    part.cpuSeconds += cpuSeconds;
    part.memoryMb += memoryMb;
  }
  const { user, system } = process.cpuUsage();
  used.callers.cpuSeconds += (user + system) / 1e6;
  used.callers.memoryMb += process.memoryUsage.rss() / 1e6;
  return used;
}

/** `livekit-sip-24311` is livekit-sip; SIPp and the edge are the callers' side. */
function partOf(name: string): Part {
  return PARTS.find((part) => name.startsWith(part)) ?? "callers";
}
