import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StackSettings } from "../../../cli/adopt/stack-settings.ts";
import { type AccountRows, twinsOf } from "../../../cli/adopt/twins.ts";
import { claimsOf } from "../../../infra/jambonz-claims.ts";

/** What `trunkline adopt` finds for a stack file, and writes into it. */

const sid = (digit: number) => `00000000-0000-0000-0000-00000000000${digit}`;
const FILE = `config:
  # Kept.
  trunkline:presentedNumbers: ["+493012345678"]
  trunkline:jambonz:
    url: https://jambonz.example.com
    livekitSipHost: project.sip.livekit.cloud
    phoneCarrier: { name: Schmidtkom, address: sip.example.com, username: u }
    phoneCarriers:
      second: { name: Other, trunkType: static_ip, inboundAddresses: [192.0.2.0/24], calledNumbers: ["+493098765432"] }
`;
const ROWS: AccountRows = {
  applications: [{ application_sid: sid(1), name: "trunkline-dev" }],
  carriers: [
    { voip_carrier_sid: sid(2), name: "Schmidtkom" },
    { voip_carrier_sid: sid(3), name: "Other" },
    { voip_carrier_sid: sid(9), name: "nobody's" },
  ],
  numbers: [
    { phone_number_sid: sid(4), number: "493012345678", voip_carrier_sid: sid(2) },
    { phone_number_sid: sid(5), number: "493098765432", voip_carrier_sid: sid(3) },
    { phone_number_sid: sid(8), number: "493012345678", voip_carrier_sid: sid(9) },
  ],
  gatewaysOf: async (carrier) =>
    carrier === sid(2)
      ? [{ sip_gateway_sid: sid(6), ipv4: "sip.example.com", port: 5060 }]
      : [{ sip_gateway_sid: sid(7), ipv4: "192.0.2.0", port: 5060 }],
};

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "trunkline-adopt-"));
  writeFileSync(join(folder, "Pulumi.dev.yaml"), FILE);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const find = (known: string[] = []) =>
  twinsOf(claimsOf(new StackSettings(folder, "dev").read("dev")), ROWS, new Set(known));

test("all rows at once, those of every carrier's gateways and numbers among them, no other's", async () => {
  expect((await find()).map(({ setting, sid: found }) => [setting.join("."), found])).toEqual([
    ["adopt.callsApplication", sid(1)],
    ["adopt.phoneCarrier", sid(2)],
    ["adopt.phoneGateways.sip.example.com", sid(6)],
    ["adopt.phoneNumbers.+493012345678", sid(4)],
    ["phoneCarriers.second.adopt", sid(3)],
    ["phoneCarriers.second.adoptGateways.192.0.2.0/24", sid(7)],
    ["phoneCarriers.second.adoptNumbers.+493098765432", sid(5)],
  ]);
});

test("what is in the state is the stack's own", async () => {
  expect((await find([sid(1), sid(2), sid(3), sid(4), sid(6), sid(7)])).map(({ sid: found }) => found)).toEqual([
    sid(5),
  ]);
});

test("written into the stack file they are adopted, and are found no more; comments stay", async () => {
  new StackSettings(folder, "dev").write(await find());
  const text = readFileSync(join(folder, "Pulumi.dev.yaml"), "utf8");
  expect(text).toContain("# Kept.");
  const { jambonz } = new StackSettings(folder, "dev").read("dev");
  expect(jambonz.adopt).toMatchObject({ phoneCarrier: sid(2), phoneNumbers: { "+493012345678": sid(4) } });
  expect(jambonz.phoneCarriers.second).toMatchObject({ adopt: sid(3), adoptGateways: { "192.0.2.0/24": sid(7) } });
  expect(await find()).toEqual([]);
});

test("a file without Jambonz is named", () => {
  writeFileSync(join(folder, "Pulumi.dev.yaml"), "config: {}\n");
  expect(() => new StackSettings(folder, "dev").read("dev")).toThrow(expect.objectContaining({ code: "BAD_FILE" }));
});
