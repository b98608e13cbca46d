import { createHmac } from "node:crypto";
import { signatureHeader } from "../../../../sandbox/jambonz/webhooks/signer.ts";

test("the header is an HMAC over the second and the body, byte for byte", () => {
  const body = '{"from":"Jürgen"}';
  const v1 = createHmac("sha256", "wh_secret_1")
    .update(Buffer.from(`1700000000.${body}`, "utf8"))
    .digest("hex");
  expect(signatureHeader(body, "wh_secret_1", 1_700_000_000_999)).toBe(`t=1700000000,v1=${v1}`);
});

test("another body, secret or second gives another signature", () => {
  const signatures = [
    signatureHeader("{}", "a", 1000),
    signatureHeader("{ }", "a", 1000),
    signatureHeader("{}", "b", 1000),
    signatureHeader("{}", "a", 2000),
  ];
  expect(new Set(signatures.map((header) => header.split("v1=")[1])).size).toBe(4);
});
