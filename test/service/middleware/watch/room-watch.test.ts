import type { CallRecord } from "../../../../service/middleware/calls/call-record.ts";
import type { CallState, RoomView } from "../../../../service/middleware/calls/call-state.ts";
import type { AgentView } from "../../../../service/middleware/livekit/views.ts";
import { RoomWatch } from "../../../../service/middleware/watch/room-watch.ts";
import { TIMERS } from "../../../../service/shared/index.ts";
import { inPhase, record } from "../store/store-contract.ts";
import { eventually } from "../support.ts";

/** A call in which caller and agent talk, and its watch. */
class Talk {
  readonly removed: string[] = [];
  readonly reported: (RoomView | undefined)[] = [];
  looks = 0;
  watcher = "own";
  state: CallState;
  readonly watch: RoomWatch;

  constructor(agentAt: (look: number) => AgentView, phase: "talking" | "waiting" = "talking", isTold = true) {
    this.state = inPhase(phase)(record("call")).state;
    this.watch = new RoomWatch({
      rooms: {
        lookInto: async () => {
          const agents = this.removed.length > 0 ? [] : [agentAt(++this.looks)];
          return { agents, agentReady: agents.length > 0, callerPresent: true };
        },
        removeAgent: async (_callId, identity) => void this.removed.push(identity),
      },
      report: async (_callId, { room }) => {
        this.reported.push(room);
        return this.record;
      },
      onDead: () => undefined,
      isOwn: ({ watcher }) => watcher === "own",
      isTold: () => isTold,
      hasNoWorker: () => false,
    });
  }

  get record(): CallRecord {
    return { ...record("call"), watcher: this.watcher, state: this.state };
  }
}

const talks: Talk[] = [];
function talk(agentAt: (look: number) => AgentView, phase?: "talking" | "waiting", isTold?: boolean): Talk {
  const made = new Talk(agentAt, phase, isTold);
  talks.push(made);
  void made.watch.start(made.record);
  return made;
}
afterEach(() => {
  for (const { watch } of talks.splice(0)) watch.close();
});

const dead = () => ({ identity: "agent-dead", ready: true, beat: "12" });
const alive = (look: number) => ({ identity: "agent-alive", ready: true, beat: String(look) });
const other = () => ({ identity: "agent-of-another-version", ready: true });

describe("RoomWatch", () => {
  test("looks into no room while caller and agent talk and nothing is heard", async () => {
    const { watch, ...one } = talk(dead);
    expect(watch.joined).toEqual(["call"]);
    expect(one.looks).toBe(0);
  });

  test("a suspected agent without a heartbeat is taken out of its room; one that beats or never did is left alone", async () => {
    const [gone, beating, foreign] = [talk(dead), talk(alive), talk(other)];
    for (const { watch } of [gone, beating, foreign]) watch.suspect("call");
    await eventually(() => gone.removed.length > 0, TIMERS.suspectLostMs + 3_000);
    expect(gone.removed).toEqual(["agent-dead"]);
    expect(gone.reported).toContainEqual(expect.objectContaining({ agentDead: true, agentReady: false }));
    for (const { removed, looks } of [beating, foreign]) expect([removed, looks]).toEqual([[], 2]); // and then no longer
  });

  test("of a call that it takes over, and whose agent tells nothing, it finds out whether the agent lives", async () => {
    const [gone, beating] = [talk(dead, "talking", false), talk(alive, "talking", false)];
    await eventually(() => gone.removed.length > 0, TIMERS.suspectLostMs + 4_000);
    expect([beating.removed, beating.looks]).toEqual([[], 2]);
  });

  test("looks at once when it hears of a change, and stops when the call is another instance's", async () => {
    const one = talk(alive);
    one.watch.lookNow("call");
    await eventually(() => one.looks === 1, 500);
    one.watcher = "other";
    one.watch.lookNow("call");
    await eventually(() => !one.watch.isWatching("call"), 500);
    one.watch.lookNow("call");
    expect(one.looks).toBe(2);
  });

  test("does not look for what has been told meanwhile", async () => {
    const one = talk(alive, "waiting");
    one.state = inPhase("talking")(record("call")).state;
    one.watch.changed(one.record);
    await eventually(() => one.watch.joined.length === 1, 500);
    expect(one.looks).toBe(0);
  });

  test("a call that is only read again is looked after all the same: jambonz tells every second that a leg rings", async () => {
    const one = talk(alive, "waiting");
    const ringing = setInterval(() => one.watch.changed(structuredClone(one.record)), TIMERS.toldAgentLookMs / 5);
    await eventually(() => one.looks > 0, 2 * TIMERS.toldAgentLookMs).finally(() => clearInterval(ringing));
  });
});
