import { CallEnd } from "../../../service/agent/call-end.ts";

test("a wait ends with the reason the call ended for", async () => {
  const end = new CallEnd();
  const waiting = end.during(new Promise(() => undefined));
  end.end("caller_left");
  await expect(waiting).rejects.toMatchObject({ name: "CallEnded", reason: "caller_left" });
});

test("the first reason wins", async () => {
  const end = new CallEnd();
  end.end("room_closed");
  end.end("job_terminated");
  await expect(end.pause(10_000)).rejects.toMatchObject({ reason: "room_closed" });
});

test("while the call goes on a wait gives its result or its error", async () => {
  const end = new CallEnd();
  await expect(end.during(Promise.resolve(7))).resolves.toBe(7);
  await expect(end.during(Promise.reject(new Error("deaf")))).rejects.toThrow("deaf");
  await end.pause(1);
});
