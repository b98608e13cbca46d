import { Throttle, ThrottledError } from "../../../service/shared/index.ts";

const refused = Object.assign(new Error("rate limit exceeded"), { status: 429 });

/** Answers so many times with 429, then with `answer`. */
function refusing(times: number) {
  return jest.fn(async () => {
    if (times-- > 0) throw refused;
    return "answer";
  });
}

describe("Throttle", () => {
  test("sends what a call depends on again after 429, and gives up in time for its webhook", async () => {
    const throttle = new Throttle();
    const request = refusing(2);
    expect(await throttle.turn("CreateRoom", request)).toBe("answer");
    expect(request).toHaveBeenCalledTimes(3);
    const since = Date.now();
    await expect(throttle.turn("CreateSIPParticipant", refusing(99))).rejects.toBe(refused);
    expect(Date.now() - since).toBeLessThan(4_000);
  });

  test("sends no look while LiveKit wants rest, twice as long each time, also when another request was refused", async () => {
    let now = 0;
    const throttle = new Throttle(() => now);
    await expect(throttle.turn("ListRooms", refusing(1))).rejects.toBe(refused);
    const look = refusing(0);
    await expect(throttle.turn("ListParticipants", look)).rejects.toThrow(ThrottledError);
    expect(look).not.toHaveBeenCalled();
    now = 1_001;
    await expect(throttle.turn("ListRooms", refusing(1))).rejects.toBe(refused);
    now = 2_500;
    expect(throttle.isResting).toBe(true);
    now = 3_100;
    expect(await throttle.turn("ListRooms", refusing(0))).toBe("answer");
    await throttle.turn("DeleteRoom", refusing(1));
    expect(throttle.isResting).toBe(true);
    now = 4_200;
    expect(throttle.isResting).toBe(false);
  });

  test("leaves every other failure to whoever has sent the request", async () => {
    const failing = jest.fn(() => Promise.reject(new Error("away")));
    await expect(new Throttle().turn("CreateRoom", failing)).rejects.toThrow("away");
    expect(failing).toHaveBeenCalledTimes(1);
  });
});
