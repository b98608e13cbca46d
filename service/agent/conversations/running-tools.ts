import { voice } from "@livekit/agents";

/** How many tools a session's model waits for. */
const running = new WeakMap<voice.AgentSession, number>();
const watched = new WeakSet<object>();

/** Counts the tools of a session's agent while they run: the framework tells when they have ended, and not that they have begun. */
export function watchTools(session: voice.AgentSession): void {
  // A toolset, an MCP server's say, may get its tools late.
  session.on(voice.AgentSessionEventTypes.SpeechCreated, () => {
    for (const tool of Object.values(session.currentAgent.toolCtx.functionTools)) watch(tool);
  });
}

/** Whether the model waits for a tool. */
export function isToolRunning(session: voice.AgentSession): boolean {
  return (running.get(session) ?? 0) > 0;
}

type Tool = ReturnType<voice.Agent["toolCtx"]["getFunctionTool"]> & object;

/** Once for each tool: one may serve many calls. */
function watch(tool: Tool): void {
  if (watched.has(tool)) return;
  watched.add(tool);
  const { execute } = tool;
  tool.execute = async (args, options) => {
    const { session } = options.ctx;
    running.set(session, (running.get(session) ?? 0) + 1);
    try {
      return await execute.call(tool, args, options);
    } finally {
      running.set(session, (running.get(session) ?? 1) - 1);
    }
  };
}
