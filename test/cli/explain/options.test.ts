import { parseExplainOptions } from "../../../cli/explain/options.ts";

const CALL = ["--from", "+493012345678", "--to", "+4989654321"];

test("a call as the carrier sends it", () => {
  const args = [...CALL, "--source-ip", "2001:db8::1", "--auth", "carrier:known", "--pin", "4711", "--json"];
  expect(parseExplainOptions(args)).toEqual({
    file: undefined,
    json: true,
    call: {
      from: "+493012345678",
      to: "+4989654321",
      sourceIp: "2001:db8::1",
      fromHost: undefined,
      auth: { username: "carrier", knowsPassword: true },
      pin: "4711",
    },
  });
});

test.each(["anonymous", "unknown", "493012345678", "030123", "call-a1", "SCL_abc", ""])(
  "%j may be a caller",
  (from) => {
    expect(parseExplainOptions(["--from", from, "--to", "+4989654321"]).call?.from).toBe(from);
  },
);

test.each([
  ["no number", ["--from", "+4930"], '--from is "+4930", which is not a valid E.164 number'],
  ["another spelling of one", ["--from", "+49 30 12345678"], "do you mean +493012345678?"],
  ["a URI", ["--from", "sip:+49301234567@host"], "give the user part alone"],
  [
    "a URI of its own host",
    ["--from", "anonymous@anonymous.invalid"],
    "--from anonymous --from-host anonymous.invalid",
  ],
  ["parameters", ["--from", "+493012345678;npdi;rn=+4930"], "--from +493012345678"],
  ["a tel: URI", ["--from", "tel:+49-30-12345678;phone-context=+49"], "--from +493012345678"],
  [
    "a name before",
    ["--from", '"Office" <sip:+493012345678@carrier.example;user=phone>'],
    "--from +493012345678 --from-host carrier.example",
  ],
  ["letters after +", ["--from", "+49abc"], '--from is "+49abc"'],
  ["nobody called", ["--from", "+493012345678"], "--to is missing"],
  ["an empty called number", [...CALL.slice(0, 2), "--to", ""], '--to is ""'],
  ["no address", [...CALL, "--source-ip", "127.0.0.256"], '--source-ip is "127.0.0.256"'],
  ["a network", [...CALL, "--source-ip", "10.0.0.0/8"], '--source-ip is "10.0.0.0/8"'],
  ["a PIN of letters", [...CALL, "--pin", "abc"], '--pin is "abc"'],
  ["an unknown option", [...CALL, "--sorce-ip", "1.2.3.4"], "sorce-ip"],
])("refuses %s and names it", (_, args, message) => {
  expect(() => parseExplainOptions(args)).toThrow(
    expect.objectContaining({
      code: "USAGE",
      message: expect.stringContaining(message),
      hint: expect.stringMatching(/^Usage/),
    }),
  );
});

test("files: repeatable, a folder, standard input; --probe needs the live project", () => {
  const { files } = parseExplainOptions([...CALL, "--file", "a.json", "--file", "-"]);
  expect(files).toEqual([expect.stringMatching(/\/a\.json$/), "-"]);
  expect(() => parseExplainOptions([...CALL, "--file", "-", "--probe"])).toThrow(
    expect.objectContaining({ code: "USAGE" }),
  );
});

test("a password that was typed by mistake is not repeated", () => {
  expect(() => parseExplainOptions([...CALL, "--auth", "carrier:hunter2"])).toThrow(
    expect.objectContaining({ code: "USAGE", message: expect.not.stringContaining("hunter2") }),
  );
});
