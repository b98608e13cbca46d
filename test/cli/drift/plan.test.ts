import { parsePlan } from "../../../cli/drift/plan.ts";
import { recorded, recordedText } from "./recorded/index.ts";

test("errors are told with the object they are about, without what only follows from them", () => {
  const { errors } = recorded("wrong-key.refresh");
  expect(errors).toHaveLength(2);
  for (const { urn, message } of errors) {
    expect(urn).toMatch(/::pulumi-nodejs:dynamic\/livekit:Sip(In|Out)boundTrunk::/);
    expect(message).toMatch(/^ENVIRONMENT_MISMATCH: /);
  }
});

test("a declared trunk that clashes with a live one is an error of the guard", () => {
  expect(recorded("conflict.preview").errors).toEqual([
    {
      urn: expect.stringContaining("SipRouting::routing"),
      message: expect.stringContaining("ROUTING_CONFLICT: the declared inbound"),
    },
  ]);
});

test("lines that the program prints before the JSON do no harm", () => {
  expect(parsePlan(`warning: something\n${recordedText("clean.refresh")}`)?.steps).toHaveLength(6);
});

test.each(["", "error: no stack named 'x' found", "{ not json", "[]"])("%p is no plan", (text) => {
  expect(parsePlan(text)).toBeUndefined();
});
