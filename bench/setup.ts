import { parseArgs } from "node:util";
import { heardTonesInTurns } from "../sandbox/callers/tone.ts";
import { System } from "../sandbox/calls/system.ts";
import { GREETING } from "../service/agent/conversations/greeting.ts";
import { type Aim, aimLines } from "./measure/aims.ts";
import { firstToneMs } from "./setup/first-tone.ts";
import { type Setup, setupOf } from "./setup/measure.ts";
import { judgeWays, reportWay, tableOf, type WayReport } from "./setup/report.ts";
import { livekitSipHost, makeRoutes, type Route, WAYS, type Way } from "./setup/way.ts";

export const usage =
  "setup [--calls 50] [--json]   from INVITE to answer and to the agent's voice: dial, with a room ahead too, callback, and a rule with an agent";

const WARM_UP_CALLS = 2;

interface SetupReport {
  calls: number;
  ways: Record<Way, WayReport>;
  aims: Aim[];
  ok: boolean;
}

/** One call after another on real servers, the ways alternating. */
export async function run(args: string[]): Promise<SetupReport> {
  const { values } = parseArgs({
    args,
    options: { calls: { type: "string", default: "50" }, json: { type: "boolean", default: false } },
  });
  const calls = Number(values.calls);
  const setups = await placeCalls(calls);
  const ways = Object.fromEntries(WAYS.map((way) => [way, reportWay(setups[way])])) as Record<Way, WayReport>;
  const aims = judgeWays(ways);
  const report = { calls, ways, aims, ok: aims.every(({ ok }) => ok) };
  if (!values.json) process.stderr.write(`\n${tableOf(ways)}\n\n${aimLines(aims)}\n`);
  if (!report.ok) process.exitCode = 1;
  return report;
}

async function placeCalls(calls: number): Promise<Record<Way, Setup[]>> {
  const setups: Record<Way, Setup[]> = { "dial-standby": [], dial: [], usual: [], callback: [], "usual-jambonz": [] };
  const system = new System(false);
  try {
    await system.startServers();
    await system.startMiddleware({ LIVEKIT_SIP_HOST: livekitSipHost(system) });
    await system.startAgent();
    const routes = await makeRoutes(system);
    for (let call = 1 - WARM_UP_CALLS; call <= calls; call++) {
      for (const way of WAYS) {
        const setup = await placeCall(system, routes[way]);
        if (call > 0) setups[way].push(setup);
      }
      if (call > 0 && call % 10 === 0) process.stderr.write(`  ${call} of ${calls} calls each way\n`);
    }
    return setups;
  } finally {
    await system.stop();
  }
}

async function placeCall(system: System, route: Route): Promise<Setup> {
  let greetedMs = Number.NaN;
  const analyse = async (heard: Int16Array) => {
    greetedMs = firstToneMs(heard, GREETING[0].hz);
    return heardTonesInTurns(heard);
  };
  // The flow only chooses the called number, which the route says.
  const placed = await system.call("dial", { ...route, analyse });
  return setupOf(placed, greetedMs);
}
