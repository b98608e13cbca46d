import fc from "fast-check";
import { z } from "zod";
import { applicationFields } from "../../../providers/jambonz/application-fields.ts";
import { applicationColumns, describeApplication } from "../../../providers/jambonz/application-wire.ts";
import { calledNumber } from "../../../providers/jambonz/fields.ts";
import { isObscured, readPassword, secretsOf } from "../../../providers/jambonz/secrets.ts";
import { voipCarrierFields } from "../../../providers/jambonz/voip-carrier-fields.ts";
import { carrierColumns, describeCarrier } from "../../../providers/jambonz/voip-carrier-wire.ts";

/** What is written and read back is what was declared: otherwise every preview would show a change. */

const text = (maxLength: number) => fc.string({ maxLength }).filter((value) => !isObscured(value));
const domain = fc.constantFrom("", "sip.example.com", "192.0.2.1");
const common = { host: "https://jambonz.example.com" };

const carriers = fc
  .record({
    name: fc.string({ minLength: 1, maxLength: 64 }),
    description: text(255),
    trunkType: fc.constantFrom("static_ip", "auth", "reg"),
    inboundUsername: text(64),
    inboundPassword: text(64),
    requiresRegister: fc.boolean(),
    outboundUsername: text(64),
    outboundPassword: text(64),
    registerRealm: domain,
    registerFromDomain: domain,
    leadingPlus: fc.boolean(),
    techPrefix: text(16),
    dtmfType: fc.constantFrom("rfc2833", "tones", "info"),
    isActive: fc.boolean(),
  })
  .map((given) => z.object(voipCarrierFields).parse({ ...common, ...given }));

test("a carrier", () => {
  fc.assert(
    fc.property(carriers, (carrier) => {
      expect(describeCarrier(carrierColumns(carrier), carrier)).toEqual(carrier);
    }),
  );
});

const hook = fc.record({
  url: fc.constantFrom("https://a.example.com/livekit-api#rc=5&rp=ct,5xx", "wss://a.example.com:8443/?x=1"),
  method: fc.constantFrom("POST", "GET"),
  username: text(255),
});
const applications = fc
  .record({
    name: fc.string({ minLength: 1, maxLength: 64 }),
    callHook: hook,
    callHookPassword: text(255),
    statusHook: hook,
    statusHookPassword: text(255),
    recordAllCalls: fc.boolean(),
    envVars: fc.dictionary(fc.string({ minLength: 1 }), fc.oneof(fc.string(), fc.integer(), fc.boolean())),
  })
  .map((given) => z.object(applicationFields).parse({ ...common, ...given }));

test("an application, its hooks in the rows they have", () => {
  const live = { call_hook: { webhook_sid: "1" }, call_status_hook: { webhook_sid: "2" } };
  fc.assert(
    fc.property(applications, (application) => {
      const columns = applicationColumns(application, live);
      expect(describeApplication(columns, application)).toEqual(application);
      expect(columns).toMatchObject(live);
    }),
  );
});

test("a called number has one form: checked twice it stays as it is", () => {
  const digits = fc.stringMatching(/^493[0-9]\d{5,8}$/);
  const spelled = fc.tuple(fc.constantFrom("", "+", "00"), digits).map(([prefix, number]) => prefix + number);
  fc.assert(
    fc.property(spelled, (number) => {
      const once = calledNumber.parse(number);
      expect(once).toMatch(/^\+[1-9]\d+$/);
      expect(calledNumber.parse(once)).toBe(once);
      expect(calledNumber.parse(once.slice(1))).toBe(once);
    }),
  );
});

test("an obscured password tells nothing, a readable one is drift when it differs", () => {
  expect(readPassword("pXXXXXXX", "password")).toBe("password");
  expect(readPassword("abcdefXXX", "password")).toBe("password");
  expect(readPassword("another", "password")).toBe("another");
  expect(readPassword(null, "password")).toBe("");
});

test("what must not be in a message is found at every depth", () => {
  const body = {
    name: "n",
    register_password: "a",
    call_hook: { url: "u", password: "b" },
    env_vars: { KEY: "c", N: 3 },
  };
  expect(secretsOf(body).sort()).toEqual(["a", "b", "c"]);
});
