import fc from "fast-check";
import { livekitHost, phoneNumber, sipAddress, sipHeaders } from "../../../providers/livekit/fields.ts";

describe("a phone number has one form", () => {
  test.each([
    ["+493012345678", "+493012345678"],
    ["0049 30 / 1234-5678", "+493012345678"],
    ["+49 (30) 123.456", "+4930123456"],
  ])("%s is %s", (text, number) => expect(phoneNumber.parse(text)).toBe(number));

  test.each(["030123456", "+4930", "+0301234567", "anonymous", "", "+49301234567890123", "sip:+4930123456"])(
    "%j is refused",
    (text) => expect(phoneNumber.safeParse(text).success).toBe(false),
  );

  test("however it is spelt", () => {
    const separator = fc.constantFrom("", " ", "-", "/", ".", "(", ")");
    const digits = fc.stringMatching(/^493[0-9]\d{5,8}$/);
    fc.assert(
      fc.property(
        fc.constantFrom("+", "00"),
        digits,
        fc.array(separator, { minLength: 15, maxLength: 15 }),
        (prefix, all, between) => {
          const spelling = prefix + [...all].map((digit, position) => digit + between[position]).join("");
          expect(phoneNumber.parse(spelling)).toBe(`+${all}`);
          expect(phoneNumber.parse(`+${all}`)).toBe(`+${all}`);
        },
      ),
    );
  });
});

describe("a SIP address", () => {
  test.each(["sbc.example.com", "SBC.example.com:5061", "10.0.0.1:1", "[::1]:65535", "sbc_1.example.com."])(
    "%s",
    (text) => expect(sipAddress.parse(text)).toBe(text.toLowerCase()),
  );
  test.each([
    "sip:sbc.example.com",
    "user@sbc.example.com",
    "sbc.example.com:0",
    "sbc:65536",
    "sbc;transport=tcp",
    "",
    "a b",
    "-sbc",
  ])("%j is refused", (text) => expect(sipAddress.safeParse(text).success).toBe(false));
});

describe("a LiveKit host", () => {
  test.each([
    ["wss://My-Project.livekit.cloud/", "wss://my-project.livekit.cloud"],
    ["http://127.0.0.1:7880", "ws://127.0.0.1:7880"],
    ["https://a.livekit.cloud:443", "wss://a.livekit.cloud"],
  ])("%s is %s", (text, host) => expect(livekitHost.parse(text)).toBe(host));

  test.each(["my-project.livekit.cloud", "ftp://x", "wss://host/path", "wss://host?x=1"])("%s is refused", (text) =>
    expect(livekitHost.safeParse(text).success).toBe(false),
  );

  test("never repeats credentials that were put into it", () => {
    const { error } = livekitHost.safeParse("wss://APIkey:the-secret@host");
    expect(error?.message).not.toContain("the-secret");
  });
});

describe("headers", () => {
  test.each([{ "X-Carrier": "Schmidtkom" }, { "P-Asserted-Identity": "<sip:a@b>" }])("%j", (headers) =>
    expect(sipHeaders.parse(headers)).toEqual(headers),
  );
  test.each([
    { From: "x" },
    { "call-ID": "x" },
    { "X Carrier": "x" },
    { "X-A": "a\r\nEvil: b" },
    { "X-A": "x".repeat(1_025) },
  ])("%j is refused", (headers) => expect(sipHeaders.safeParse(headers).success).toBe(false));
});
