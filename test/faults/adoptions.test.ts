import { adoptionsIn, merged } from "./adoptions.ts";

const refusal = (resource: string, id: string) => `
  pulumi-nodejs:dynamic/jambonz:${resource}:
    error: FOREIGN_TWIN: There is already one, ${id}, which is not in this stack's state. Take it over with adopt: "${id}" (also after an \`up\` that was killed), or declare another one.
`;

test("each refusal of Jambonz' objects names its setting", () => {
  const output = [
    refusal("Application (agent-leg)", "app-1"),
    refusal("Application (calls)", "app-2"),
    refusal("VoipCarrier (livekit-1)", "carrier-1"),
    refusal("VoipCarrier (phone)", "carrier-2"),
    refusal("SipGateway (livekit-1)", "gateway-1"),
    refusal("SipGateway (phone-192.0.2.1)", "gateway-2"),
    refusal("PhoneNumber (+493012345678)", "number-1"),
    refusal("PhoneNumber (+493012345679)", "number-2"),
  ].join("\n");
  expect(adoptionsIn(output)).toEqual({
    agentLegApplication: "app-1",
    callsApplication: "app-2",
    livekitCarrier: "carrier-1",
    phoneCarrier: "carrier-2",
    livekitGateway: "gateway-1",
    phoneGateways: { "192.0.2.1": "gateway-2" },
    phoneNumbers: { "+493012345678": "number-1", "+493012345679": "number-2" },
  });
});

test("another error asks for nothing", () => {
  expect(adoptionsIn("  jambonz:VoipCarrier (phone):\n    error: OBJECT_GONE: The carrier is gone")).toEqual({});
});

test("what is refused later comes on top of what was taken over before", () => {
  const before = { callsApplication: "app", phoneNumbers: { "1": "one" } };
  const later = { phoneCarrier: "carrier", phoneNumbers: { "2": "two" } };
  expect(merged(before, later)).toEqual({
    callsApplication: "app",
    phoneCarrier: "carrier",
    phoneNumbers: { "1": "one", "2": "two" },
  });
});
