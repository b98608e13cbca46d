import { parseState } from "../../../cli/ticket/state.ts";

test("the stack's outputs, and the secrets of all resources", () => {
  const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: '"of-a-trunk"' };
  const resources = [
    { type: "pulumi:pulumi:Stack", outputs: { support: { stack: "dev" } } },
    { type: "pulumi-nodejs:dynamic/livekit:SipOutboundTrunk", outputs: { authPassword: secret } },
  ];
  expect(parseState(JSON.stringify({ version: 3, deployment: { resources } }))).toEqual({
    outputs: { support: { stack: "dev" } },
    secrets: ["of-a-trunk"],
  });
});

test.each(["", '{"deployment": {"resources": ["half a secret', "{}"])("%p is none", (text) => {
  expect(parseState(text)).toBeUndefined();
});
