import { readdirSync, readFileSync } from "node:fs";
import { countryOf, doubledNumbers, internationalNumbers } from "../../infra/settings-numbers.ts";

test.each([
  [{ country: "AT", presentedNumbers: ["+493012345678"] }, "AT"],
  [{ presentedNumbers: ["+493012345678"] }, "DE"],
  [{ presentedNumbers: ["030 12345678", "0043 1 234567"] }, "AT"],
  [{ presentedNumbers: ["030 12345678"] }, undefined],
  [{ country: "Germany", presentedNumbers: ["+493012345678"] }, undefined],
  [{ country: 49 }, undefined],
  [{}, undefined],
])("%j: the country is %s", (values, country) => expect(countryOf(values)).toBe(country));

test("every number of the stack file has its one form, however it is written", () => {
  const values = {
    presentedNumbers: ["+49 (0)30 12345678"],
    allowedTargets: ["030 123456", "0049 (0)40 765432"],
    callFlows: { "(030) 98 76 54": "dial" },
    fallback: "dial:030 / 123456",
    jambonz: { url: "https://jambonz.example", calledNumbers: ["030 12345678", "4930123*"] },
    announcement: "030 123456",
  };
  expect(internationalNumbers(values)).toEqual({
    country: "DE",
    presentedNumbers: ["+493012345678"],
    allowedTargets: ["+4930123456", "+4940765432"],
    callFlows: { "+4930987654": "dial" },
    fallback: "dial:+4930123456",
    jambonz: { url: "https://jambonz.example", calledNumbers: ["+493012345678", "4930123*"] },
    announcement: "030 123456",
  });
});

test.each([undefined, null, 7, "x", [], [null], { a: 1 }])(
  "what is not a list of numbers is left to the schema: %j",
  (value) => {
    const values = {
      presentedNumbers: value,
      allowedTargets: value,
      callFlows: value,
      fallback: value,
      jambonz: value,
    };
    expect(internationalNumbers(values)).toEqual(values);
    expect(() => doubledNumbers(values)).not.toThrow();
  },
);

test("one number in two spellings is two entries for one thing", () => {
  const callFlows = { "+493012345678": "dial", "030 12345678": "callback" };
  expect(doubledNumbers({ country: "DE", callFlows })).toEqual(['callFlows: "030 12345678" is given twice']);
  expect(doubledNumbers({ country: "DE", callFlows: { "+493012345678": "dial" } })).toEqual([]);
});

test("a carrier's own numbers are among them, of each carrier", () => {
  const spelt = { callerId: "030 12345678", calledNumbers: ["030 12345678"], adoptNumbers: { "030 12345678": "sid" } };
  const one = {
    callerId: "+493012345678",
    calledNumbers: ["+493012345678"],
    adoptNumbers: { "+493012345678": "sid" },
  };
  const jambonz = (carrier: object) => ({ phoneCarrier: carrier, phoneCarriers: { other: carrier } });
  expect(internationalNumbers({ country: "DE", jambonz: jambonz(spelt) })).toEqual({
    country: "DE",
    jambonz: jambonz(one),
  });
});

test("every setting whose schema is a number is one of those that get their one form", () => {
  const source = readdirSync("infra")
    .filter((name) => name.startsWith("settings"))
    .map((name) => readFileSync(`infra/${name}`, "utf8"))
    .join("\n");
  const found = source.matchAll(/^\s*(\w+): (?:z\.(?:array|record)\()?(?:phoneNumber|calledNumber)\b/gm);
  const names = [...new Set([...found].map(([, name = ""]) => name))];
  expect(names.length).toBeGreaterThan(5);
  const forms = ["030 12345678", ["030 12345678"], { "030 12345678": {} }];
  for (const name of names) {
    const written = forms.map((value) =>
      JSON.stringify(internationalNumbers({ country: "DE", inner: { [name]: value } })),
    );
    expect([name, written.some((text) => text.includes("+493012345678"))]).toEqual([name, true]);
  }
});
