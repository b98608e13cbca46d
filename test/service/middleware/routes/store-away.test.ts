import { StoreError } from "../../../../service/middleware/errors.ts";
import { MemoryStore } from "../../../../service/middleware/store/memory-store.ts";
import {
  agentInvite,
  CALLER_SID,
  callerInvite,
  ScriptedRooms,
  type Service,
  startService,
  testCalls,
} from "../support.ts";

/** A store that can be taken away, as Redis can. */
class LosableStore extends MemoryStore {
  away = false;
  #require(): void {
    if (this.away) throw new StoreError("STORE_UNAVAILABLE", "away");
  }
  override async create(...args: Parameters<MemoryStore["create"]>) {
    this.#require();
    return super.create(...args);
  }
  override async findBySid(sid: string) {
    this.#require();
    return super.findBySid(sid);
  }
  override async update(...args: Parameters<MemoryStore["update"]>) {
    this.#require();
    return super.update(...args);
  }
}

let service: Service;
const store = new LosableStore();
const OPERATOR = "+4930777000";

beforeEach(async () => {
  store.away = false;
  const calls = testCalls({ fallback: { kind: "dial", number: OPERATOR }, allowedTargets: [OPERATOR] });
  service = startService({ calls }, new ScriptedRooms(), store);
});
afterEach(() => service.app.close());

const verbsOf = async (path: string, body: object) =>
  (await service.verbs(path, { call_sid: CALLER_SID, ...body })).map(({ verb }) => verb);

describe("while the call store is away no webhook is answered with an error", () => {
  beforeEach(() => {
    store.away = true;
  });

  test("a new caller gets the declared fallback, over the call's carrier", async () => {
    expect(await service.verbs("/livekit-api", callerInvite({ call_sid: "new" }))).toMatchObject([
      { verb: "dial", target: [{ number: OPERATOR, trunk: "schmidtkom" }] },
    ]);
  });

  test("a caller in the queue hears on, but not for ever", async () => {
    expect(await verbsOf("/livekit-api/wait", { queue_time: 5 })).toEqual(["play"]);
    expect(await verbsOf("/livekit-api/wait", { queue_time: "soon" })).toEqual(["play"]);
    expect(await verbsOf("/livekit-api/wait", { queue_time: 25 })).toEqual(["leave"]);
  });

  test("a caller who left the queue gets the fallback", async () => {
    expect(await verbsOf("/livekit-api/queue-left", { queue_result: "leave" })).toEqual(["dial"]);
  });

  test("a dial that was answered has ended, one that was not gets the apology", async () => {
    expect(await verbsOf("/livekit-api/dial-done", { dial_call_status: "completed" })).toEqual(["hangup"]);
    expect(await verbsOf("/livekit-api/dial-done", { dial_call_status: "no-answer" })).toEqual(["say", "hangup"]);
  });

  test("LiveKit's leg is declined", async () => {
    const verbs = await service.verbs("/livekit-api/agent-leg", agentInvite("AAAAAAAAAAAAAAAAAAAA"));
    expect(verbs).toMatchObject([{ verb: "sip:decline", status: 486 }]);
  });
});
