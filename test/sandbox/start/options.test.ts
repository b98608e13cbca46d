import { parseStartOptions } from "../../../sandbox/start/options.ts";

test("without options: one call through the callback flow on free ports, then stay up", () => {
  expect(parseStartOptions([])).toEqual({
    once: false,
    json: false,
    byHand: false,
    keep: false,
    calls: 1,
    flow: "callback",
    conversation: undefined,
    port: undefined,
    sipPort: undefined,
  });
});

test("options are read", () => {
  const args = [
    "--once",
    "--json",
    "--by-hand",
    "--keep",
    "--calls",
    "3",
    "--flow",
    "dial",
    "--conversation",
    "pipeline",
    "--port",
    "8080",
    "--sip-port",
    "5070",
  ];
  expect(parseStartOptions(args)).toEqual({
    once: true,
    json: true,
    byHand: true,
    keep: true,
    calls: 3,
    flow: "dial",
    conversation: "pipeline",
    port: 8080,
    sipPort: 5070,
  });
});

test.each([
  [["--calls", "0"], /--calls is "0"/],
  [["--calls", "1.5"], /--calls is "1\.5"/],
  [["--port", "65536"], /--port is "65536"/],
  [["--flow", "Dial"], /--flow is "Dial"/],
  [["--conversation", "chess"], /--conversation is "chess"/],
  [["--nonsense"], /--nonsense/],
  [["extra"], /extra/],
])("%j is refused with the option and the value", (args, message) => {
  expect(() => parseStartOptions(args)).toThrow(
    expect.objectContaining({ code: "USAGE", message: expect.stringMatching(message) }),
  );
});
