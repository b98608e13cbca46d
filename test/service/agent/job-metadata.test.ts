import type { CallContext } from "@trunkline/shared";
import { readJobMetadata } from "../../../service/agent/job-metadata.ts";

const call: CallContext = {
  callId: "abcdefghijklmnopqrst",
  flow: "dial",
  caller: "+4930123456",
  called: "+4940654321",
  carrier: "Schmidtkom",
  headers: { "X-Tenant": "7" },
};

test("the metadata that the middleware writes comes back as the same call", () => {
  expect(readJobMetadata(JSON.stringify(call), "call-abcdefghijklmnopqrst")).toEqual({ call, problems: [] });
});

test.each(["", "{", "null", "[]", '{"callId":"x"}'])(
  "with metadata %j the call is taken from the room's name",
  (metadata) => {
    const read = readJobMetadata(metadata, "call-abcdefghijklmnopqrst");
    expect(read.call).toMatchObject({ callId: "abcdefghijklmnopqrst", flow: "callback" });
    expect(read.problems).not.toEqual([]);
  },
);

test("a room of another name is its own call id", () => {
  expect(readJobMetadata("", "lobby").call.callId).toBe("lobby");
});
