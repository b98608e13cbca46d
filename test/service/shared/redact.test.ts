import { redactLine, redactor } from "@trunkline/shared";
import fc from "fast-check";
import { runs } from "../../hostile/texts.ts";

const SURROUNDINGS = [
  (text: string) => text,
  (text: string) => `"name": "${text}",`,
  (text: string) => `sip:${text}@sbc.example.com;user=phone`,
  (text: string) => `https://example.com/?to=${encodeURIComponent(text)}&x=1`,
  (text: string) => `tel${text}end`,
  (text: string) => `| ${text} | 2026-11-22 |`,
  (text: string) => `at 14:05 ${text} called 10.0.0.1`,
];
const surrounding = fc.constantFrom(...SURROUNDINGS);

/** A subscriber of a country, and ways to write that. */
const NUMBER = fc.tuple(fc.stringMatching(/^[1-9]\d{1,2}$/), fc.stringMatching(/^[1-9]\d{6,10}$/));
const SPELLINGS: ((country: string, rest: string) => string)[] = [
  (country, rest) => `+${country}${rest}`,
  (country, rest) => `00${country}${rest}`,
  (country, rest) => country + rest,
  (_country, rest) => `0${rest}`,
  (country, rest) => `+${country} ${rest.slice(0, 2)} ${rest.slice(2)}`,
  (_country, rest) => `(0${rest.slice(0, 3)}) ${rest.slice(3)}`,
  (_country, rest) => `0${rest.slice(0, 3)}/${rest.slice(3, 5)}-${rest.slice(5)}`,
  (country, rest) => `${country} ${rest.match(/..?/g)?.join(" ")}`,
  (country, rest) => `+${country} - (0) ${rest.slice(0, 3)} - ${rest.slice(3)}`,
  (country, rest) => `+${country}.${rest.match(/..?.?/g)?.join(".")}`,
  (country, rest) => `tel:+${country}-${rest.slice(0, 2)}-${rest.slice(2)}`,
  (country, rest) => `sip_+${country}${rest}`,
  (country, rest) => `+${country}\u00a0${rest.slice(0, 3)}\u2011${rest.slice(3)}`,
  (country, rest) => `+${country}\u200b${rest.split("").join("\u200d")}`,
  (country, rest) => `+${country}\n${rest.slice(0, 3)}\r\n${rest.slice(3)}`,
  (country, rest) => `%2B${country}%20${rest.slice(0, 3)}%C2%A0${rest.slice(3)}`,
  (country, rest) => `%2B${[...(country + rest)].map((digit) => `%3${digit}`).join("")}`,
  (country, rest) => `\uff0b${inScript(country + rest, 0xff10)}`,
  (country, rest) => `+${inScript(country + rest, 0x0660)}`,
  (country, rest) =>
    `+${country}${[...rest].map((digit) => "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"[Number(digit)]).join("")}`,
  (_country, rest) =>
    `0${[...rest].map((digit) => "\u24ea\u2460\u2461\u2462\u2463\u2464\u2465\u2466\u2467\u2468"[Number(digit)]).join(" ")}`,
  (country, rest) => `+${country}\u2022${rest.split("").join("\u2022")}`,
  (country, rest) => `+${country}=${rest.slice(0, 3)}=${rest.slice(3, 5)}=${rest.slice(5)}`,
  (country, rest) => `sip:%252B${country}%2520${rest.slice(0, 3)}%2520${rest.slice(3)};user=phone`,
  (country, rest) => `&#43;${country}&nbsp;${rest.match(/..?/g)?.join("&nbsp;")}`,
  (country, rest) => `\\u002b${country}\\u00a0${rest.match(/..?/g)?.join("\\u00a0")}`,
  (_country, rest) =>
    `0${rest.slice(0, 1)}.${rest
      .slice(1)
      .match(/..?/g)
      ?.filter((pair) => pair.length === 2)
      .join(".")}`,
];

/** The digits as another script writes them, from its zero. */
function inScript(digits: string, zero: number): string {
  return [...digits].map((digit) => String.fromCodePoint(zero + Number(digit))).join("");
}

/** What somebody who knows how numbers are written would read. */
const digitsOf = (text: string) =>
  text
    .replaceAll(/%(?:25)+(?=[0-9A-F]{2})/g, "%")
    .replaceAll(/(?:%[0-9A-F]{2})+/g, decoded)
    .replaceAll(/\\u([0-9a-f]{4})|&#(\d+);/gi, (_found, hex, code) =>
      String.fromCharCode(hex ? Number(`0x${hex}`) : code),
    )
    .replaceAll(/&\w+;/g, "")
    .normalize("NFKC")
    .replaceAll(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x0660))
    .replaceAll(/[^\p{L}\p{N}*]/gu, "");

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

describe("phone numbers", () => {
  test("no number that was told is readable, in whatever spelling and surrounding", () => {
    fc.assert(
      fc.property(NUMBER, fc.constantFrom(...SPELLINGS), surrounding, ([country, rest], spell, around) => {
        const redact = redactor({ secrets: [], numbers: [`+${country}${rest}`] });
        expect(digitsOf(redact(around(spell(country, rest))))).not.toContain(rest.slice(-7));
      }),
      runs(2_000),
    );
  });

  test("nor is one that nobody told of", () => {
    const redact = redactor({ secrets: [], numbers: [] });
    fc.assert(
      fc.property(NUMBER, fc.constantFrom(...SPELLINGS), surrounding, ([country, rest], spell, around) => {
        expect(digitsOf(redact(around(spell(country, rest))))).not.toContain(rest.slice(-7));
      }),
      runs(2_000),
    );
  });

  test("in a line of a log neither, wherever it stands in what is logged", () => {
    fc.assert(
      fc.property(NUMBER, fc.constantFrom(...SPELLINGS), surrounding, ([country, rest], spell, around) => {
        const text = around(spell(country, rest));
        const line = redactLine(
          JSON.stringify({ time: 1_764_291_313_000, identity: text, headers: { [text]: [text] }, msg: text }),
        );
        const parsed = JSON.parse(line) as Record<string, unknown>;
        expect(digitsOf(JSON.stringify({ ...parsed, time: 0 }))).not.toContain(rest.slice(-7));
        expect(parsed.time).toBe(1_764_291_313_000);
      }),
      runs(2_000),
    );
  });

  test("a line of a log keeps the ids by which a call is found elsewhere, unless one is a number", () => {
    const kept = {
      callSid: "00000000-1111-2222-3333-444444444444",
      sipCallId: "0123456789-99@10.0.0.1",
      ms: 12_345_678,
    };
    expect(JSON.parse(redactLine(JSON.stringify(kept)))).toEqual(kept);
    expect(redactLine('{"sipCallId":"+4930123456@host","identity":"sip_+4930123456"}')).toBe(
      '{"sipCallId":"+*******456@host","identity":"sip_+*******456"}',
    );
    expect(redactLine('{"a":"\u009b31m\u202e"}')).toBe('{"a":"\\u009b31m\\u202e"}');
  });

  test("the last three digits stay, so that people know which one is meant", () => {
    const redact = redactor({ secrets: [], numbers: [] });
    expect(redact("a call from +4930 123456-78")).toBe(
      "a call from +**** ******-678".replace("-678", "6-78").replace("******6", "*****6"),
    );
  });

  test.each([
    "2026-11-22T14:05:06.789Z",
    "127.0.0.1:5060",
    "10.20.30.0/24",
    "00000000-1111-2222-3333-444444444444",
    "8d8f0a7c51b04c0f9d4d0c9f0d0d0a7c51b04c0f",
    "ST_hCNxaZpzWLFB",
    "node 24.21.0, pulumi 3.250.0",
    "503 Try again later",
    "3600",
  ])("%s is no phone number", (text) => {
    expect(redactor({ secrets: [], numbers: [] })(text)).toBe(text);
  });
});

describe("secrets", () => {
  const SECRET = fc
    .string({ unit: "grapheme", minLength: 8, maxLength: 40 })
    .filter((text) => text.trim().length >= 8 && /[A-Za-z]/.test(text));
  const ENCODINGS: ((text: string) => string)[] = [
    (text) => text,
    (text) => JSON.stringify({ password: text }),
    (text) => `https://user:${encodeURIComponent(text)}@example.com`,
    (text) => `Basic ${Buffer.from(`user:${text}`).toString("base64")}`,
    (text) => `Basic ${Buffer.from(`ab:${text}:c`).toString("base64")}`,
    (text) => Buffer.from(`a${text}bc`).toString("base64url"),
  ];

  test("none is readable, in whatever encoding and surrounding", () => {
    fc.assert(
      fc.property(SECRET, fc.constantFrom(...ENCODINGS), (secret, encode) => {
        const shown = redactor({ secrets: [secret], numbers: [] })(`before ${encode(secret)} after`);
        expect(shown).not.toContain(secret);
        expect(shown).not.toContain(encodeURIComponent(secret));
        const base64 = shown.split(/[\s"]/).map((word) => Buffer.from(word, "base64").toString());
        expect(base64.filter((text) => text.includes(secret))).toEqual([]);
        expect(shown).toContain("[hidden]");
      }),
      runs(2_000),
    );
  });

  test("of one that begins with another nothing is left", () => {
    const redact = redactor({ secrets: ["canary", "canary-and-more"], numbers: [] });
    expect(redact("canary-and-more canary")).toBe("[hidden] [hidden]");
  });

  test("empty ones, and words of a few letters, hide nothing", () => {
    expect(redactor({ secrets: ["", " ", "sip"], numbers: ["", "110"] })("a sip trunk, 110")).toBe("a sip trunk, 110");
  });
});
