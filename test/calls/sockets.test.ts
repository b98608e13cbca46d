import { System } from "../../sandbox/calls/system.ts";
import { openSockets } from "../../sandbox/processes/sockets.ts";

jest.setTimeout(120_000);

/** The agent's WebRTC is native code that gathers addresses of every interface, with no setting for it; each is open for one call, for its peer. */
const AGENT_ICE = /^MainThread udp6? /;
const LOOPBACK =
  / (127\.\d+\.\d+\.\d+|\[0000:0000:0000:0000:0000:0000:0000:0001\]|\[0000:0000:0000:0000:0000:ffff:7f00:0001\]):\d+$/;

const system = new System(false);
const seen = new Set<string>();
let timer: NodeJS.Timeout;

beforeAll(async () => {
  timer = setInterval(() => {
    for (const { program, protocol, address } of openSockets(system.supervisor.registerFile))
      seen.add(`${program} ${protocol} ${address}`);
  }, 100);
  await system.startServers();
  await system.startMiddleware();
  await system.startAgent();
});
afterAll(async () => {
  clearInterval(timer);
  await system.stop();
});

test("nobody but this machine reaches a process of the sandbox, before, in and after calls of both flows", async () => {
  for (const flow of ["callback", "dial"] as const) {
    const { caller } = await system.call(flow);
    expect({ flow, answered: caller.answered }).toEqual({ flow, answered: true });
  }
  const programs = new Set([...seen].map((line) => line.split(" ")[0]));
  expect([...programs]).toEqual(
    expect.arrayContaining(["redis-server", "livekit-server", "livekit-sip", "sip-edge", "sipp", "MainThread"]),
  );
  expect([...seen].filter((line) => !LOOPBACK.test(line) && !AGENT_ICE.test(line)).sort()).toEqual([]);
});
