import { z } from "zod";
import { type CallSettings, callSettings, callVariables } from "../../../../service/middleware/flows/settings.ts";
import { callerInvite, startService, testCalls } from "../support.ts";

const settingsOf = (environment: Record<string, string>): CallSettings =>
  callSettings(z.object(callVariables).parse(environment), { stack: "test", callLimitSeconds: 60, keys: ["key"] });

const declared = ["+493012345678", "4940123*", "^49893(1|2)$", "registered-user", "+49 (0)441 123456", "0049511*"];
const { isServed } = settingsOf({ CALLED_NUMBERS: JSON.stringify(declared), TRUNKLINE_COUNTRY: "DE" });

test.each([
  ["as it is declared", "+493012345678"],
  ["without the plus", "493012345678"],
  ["as it is called within the country", "03012345678"],
  ["with a parameter that was left", "+49 30 12345678"],
  ["by a wildcard", "+4940123999"],
  ["by an expression", "+498931"],
  ["where it is declared with a zero in brackets", "+49441123456"],
  ["by a wildcard for what the carrier sends", "0049511123456"],
  ["by the user name that the carrier registered", "registered-user"],
])("a call to a number is answered %s", (_how, called) => {
  expect(isServed(called)).toBe(true);
});

test.each(["+493012345679", "+49301234567", "+4940122", "+498933", "registered-user2", "", "constructor", "anonymous"])(
  "%j is not declared",
  (called) => {
    expect(isServed(called)).toBe(false);
  },
);

test("without a list every number is answered, and where unknown ones are to reach the agent", () => {
  expect(settingsOf({}).isServed("+4912")).toBe(true);
  const open = { CALLED_NUMBERS: JSON.stringify(declared), UNKNOWN_NUMBERS: "agent" };
  expect(settingsOf(open).isServed("+4912")).toBe(true);
});

test.each(["+4930123456", "{}", '["(unfinished"]', "[1]"])("%s is no list of numbers", (text) => {
  expect(z.object(callVariables).safeParse({ CALLED_NUMBERS: text }).error?.issues[0]?.message).toMatch(
    'must be JSON like ["+4930123456", "4940*"]',
  );
});

test("a call to a number that is not declared gets the fallback at once, and has a record that says so", async () => {
  const calls = testCalls({ isServed, fallback: { kind: "decline", status: 404 } });
  const { rooms, app, verbs, logged } = startService({ calls });
  expect(await verbs("/livekit-api", callerInvite({ to: "+498912345" }))).toEqual([
    { verb: "sip:decline", status: 404, reason: "Agent unavailable" },
  ]);
  expect(rooms.count("createCallRoom")).toBe(0);
  expect(JSON.stringify(logged)).toContain("the called number is not declared");
  await app.close();
});
