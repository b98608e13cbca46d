import { createHmac } from "node:crypto";
import fc from "fast-check";
import { judgeSignature, signatureHeader } from "../../../../service/middleware/jambonz/signature.ts";

const bytes = fc.uint8Array({ maxLength: 200 });
const secret = fc.string({ minLength: 1, maxLength: 40 });
const NOW = 1_780_000_000;

describe("judgeSignature", () => {
  test("agrees with a signature made as jambonz makes it", () => {
    const body = '{"call_sid":"1"}';
    const v1 = createHmac("sha256", "wh_secret").update(`${NOW}.${body}`, "utf8").digest("hex");
    const request = { header: `t=${NOW},v1=${v1}`, body: Buffer.from(body), secrets: ["wh_secret"], nowSeconds: NOW };
    expect(judgeSignature(request)).toBe("valid");
  });

  test("accepts any body signed with any of the secrets, within 300 s on either side", () => {
    fc.assert(
      fc.property(
        bytes,
        fc.array(secret, { minLength: 1, maxLength: 4 }),
        fc.nat(),
        fc.integer({ min: -300, max: 300 }),
        (body, secrets, pick, age) => {
          const header = signatureHeader(secrets[pick % secrets.length] ?? "", body, NOW - age);
          return judgeSignature({ header, body, secrets, nowSeconds: NOW }) === "valid";
        },
      ),
    );
  });

  test("refuses a body with one bit changed", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), secret, fc.nat(), (body, key, position) => {
        const header = signatureHeader(key, body, NOW);
        const changed = Uint8Array.from(body);
        changed[position % body.length] = (changed[position % body.length] ?? 0) ^ 1;
        return judgeSignature({ header, body: changed, secrets: [key], nowSeconds: NOW }) === "mismatch";
      }),
    );
  });

  test("refuses time stamps older or newer than 300 s", () => {
    const outside = fc.integer({ min: 301, max: 10_000_000 });
    fc.assert(
      fc.property(bytes, outside, fc.boolean(), (body, distance, future) => {
        const header = signatureHeader("key", body, NOW + (future ? distance : -distance));
        return judgeSignature({ header, body, secrets: ["key"], nowSeconds: NOW }) === "expired";
      }),
    );
  });

  test("refuses another secret's signature", () => {
    fc.assert(
      fc.property(bytes, secret, secret, (body, signing, known) => {
        fc.pre(signing !== known);
        const header = signatureHeader(signing, body, NOW);
        return judgeSignature({ header, body, secrets: [known], nowSeconds: NOW }) === "mismatch";
      }),
    );
  });

  test("accepts one right v1 among several, in any order and spelling of blanks", () => {
    const body = Buffer.from("{}");
    const right = signatureHeader("key", body, NOW).split("v1=")[1];
    const wrong = "0".repeat(64);
    for (const header of [`v1=${wrong}, t=${NOW} ,v1=${right}`, `t=${NOW},v1=${right},v1=${wrong},v2=x`]) {
      expect(judgeSignature({ header, body, secrets: ["key"], nowSeconds: NOW })).toBe("valid");
    }
  });

  test("never throws, and takes no text that nobody signed", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^t=\d{10},v1=[0-9a-f]{60,68}$/)), bytes, (header, body) => {
        return judgeSignature({ header, body, secrets: ["key"], nowSeconds: NOW }) !== "valid";
      }),
    );
  });

  test("with no secret nothing is valid", () => {
    const body = Buffer.from("{}");
    expect(judgeSignature({ header: signatureHeader("key", body, NOW), body, secrets: [], nowSeconds: NOW })).toBe(
      "mismatch",
    );
  });

  test.each([undefined, ""])("calls %p missing", (header) => {
    expect(judgeSignature({ header, body: new Uint8Array(), secrets: ["key"], nowSeconds: NOW })).toBe("missing");
  });

  test.each(["t=1", "v1=00", `t=1,t=2,v1=${"0".repeat(64)}`, "t=x,v1=y"])("calls %p malformed", (header) => {
    expect(judgeSignature({ header, body: new Uint8Array(), secrets: ["key"], nowSeconds: NOW })).toBe("malformed");
  });
});
