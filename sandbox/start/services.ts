import { SandboxError } from "../errors.ts";
import { waitUntilReady } from "../processes/ready.ts";
import type { Running, Supervisor } from "../processes/supervisor.ts";
import { checkout } from "../root.ts";
import type { StackOutputs } from "./declare.ts";
import type { EventLog } from "./event-log.ts";
import type { SandboxState } from "./state.ts";

const AGENT_LIMIT_MS = 30_000;

/** The middleware, as a dyno would run it: nothing in its environment but PATH and what the stack says. */
export async function startMiddleware(
  supervisor: Supervisor,
  outputs: Pick<StackOutputs, "services">,
  state: SandboxState,
  events: EventLog,
): Promise<Running> {
  const port = state.ports.middleware;
  const running = await supervisor.start({
    name: "middleware",
    command: process.execPath,
    args: [checkout("service/middleware/main.ts")],
    env: environment(outputs.services.middleware, { HOST: "127.0.0.1", PORT: String(port) }),
    onLine: (line) => events.addLine("middleware", line),
  });
  await waitUntilReady(running, () =>
    fetch(`http://127.0.0.1:${port}/healthz`).then(
      (answer) => answer.ok,
      () => false,
    ),
  );
  return running;
}

/** The agent; ready when LiveKit has its registration. */
export async function startAgent(
  supervisor: Supervisor,
  outputs: Pick<StackOutputs, "services">,
  events: EventLog,
): Promise<Running> {
  const startedAt = Date.now();
  const running = await supervisor.start({
    name: "agent",
    command: process.execPath,
    args: [checkout("service/agent/main.ts")],
    env: environment(outputs.services.agent),
    onLine: (line) => events.addLine("agent", line),
  });
  const registered = events.waitFor(({ event, at }) => event === "agent.registered" && at >= startedAt, AGENT_LIMIT_MS);
  const isUp = await Promise.race([registered, running.exited.then(() => false)]);
  if (!isUp)
    throw new SandboxError("NOT_READY", "the agent did not register with LiveKit", `Its output is in ${running.log}.`);
  return running;
}

function environment(own: Record<string, string>, more: Record<string, string> = {}): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, HOME: process.env.HOME, ...own, ...more };
}
