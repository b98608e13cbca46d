import type { RoomAction } from "../../../../service/agent/host/messages.ts";
import { transfer } from "../../../../service/agent/telephony/transfer.ts";

const call = { callId: "call-id", flow: "dial", caller: "+4930123456", called: "+4940654321", headers: {} } as const;
const parts = (act: (action: RoomAction) => Promise<void>) => ({
  call,
  identity: "caller-call-id",
  targets: ["+493055555555"],
  act,
});

test("a declared target is referred to, and jambonz is told by whom", async () => {
  const asked: RoomAction[] = [];
  await transfer(
    "+493055555555",
    parts(async (action) => void asked.push(action)),
  );
  expect(asked).toEqual([
    {
      name: "transfer",
      identity: "caller-call-id",
      to: "tel:+493055555555",
      headers: { "Referred-By": "<tel:+4940654321>", "X-Call-Id": "call-id" },
    },
  ]);
});

test.each(["0049 30 55555555", "+49 (0)30 55555555", "493055555555"])(
  "so is %s, and dialled in its one form",
  async (target) => {
    const asked: RoomAction[] = [];
    await transfer(
      target,
      parts(async (action) => void asked.push(action)),
    );
    expect(asked).toMatchObject([{ to: "tel:+493055555555" }]);
  },
);

test("nothing else is, whatever was said", async () => {
  const asked: RoomAction[] = [];
  const attempt = transfer(
    "+4990012345",
    parts(async (action) => void asked.push(action)),
  );
  await expect(attempt).rejects.toMatchObject({ code: "TRANSFER_NOT_DECLARED" });
  expect(asked).toEqual([]);
});

test("a target that is busy is an error that names LiveKit's reason, and the call goes on", async () => {
  const busy = async () => Promise.reject(new Error("sip status: 486"));
  await expect(transfer("+493055555555", parts(busy))).rejects.toMatchObject({
    code: "TRANSFER_FAILED",
    message: expect.stringContaining("486"),
  });
});
