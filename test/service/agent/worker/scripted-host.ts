/** A host process without LiveKit, which does what the metadata of its jobs say: `{"prepared":true,"rssMb":200,"busy":1}`. */
import type { FromHost, ToHost } from "../../../../service/agent/host/messages.ts";

interface Script {
  /** The agent gets ready. Without it, it never does. */
  prepared?: boolean;
  /** What the process says of itself from then on. */
  rssMb?: number;
  busy?: number;
  strays?: number;
  /** Its event loop turns no more. */
  loops?: boolean;
}

const calls = new Set<string>();
let vitals = { lagMs: 0, busy: 0, rssMb: 100, strays: 0 };
let isClosing = false;

process.on("message", (message: ToHost) => {
  if (message.type === "ping") tell({ type: "pong", ...vitals });
  else if (message.type === "start") start(message.job.id, JSON.parse(message.job.metadata) as Script);
  else if (message.type === "stop") {
    calls.delete(message.jobId);
    tell({ type: "ended", jobId: message.jobId, reason: message.reason });
  } else if (message.type === "close") isClosing = true;
  if (isClosing && calls.size === 0) process.disconnect();
});
process.on("disconnect", () => process.exit(0));
tell({ type: "ready" });

function start(jobId: string, { prepared, loops, ...told }: Script): void {
  calls.add(jobId);
  while (loops);
  vitals = { ...vitals, ...told };
  if (prepared) tell({ type: "prepared", jobId });
  tell({ type: "pong", ...vitals });
}

function tell(message: FromHost): void {
  process.send?.(message);
}
