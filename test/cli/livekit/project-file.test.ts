import { SIPDispatchRuleInfo, SIPInboundTrunkInfo, SIPOutboundTrunkInfo } from "livekit-server-sdk";
import { readForms } from "../../../cli/livekit/forms/read-forms.ts";
import { exportProject } from "../../../cli/livekit/project-file.ts";

const SECRET = "only-for-the-carrier";
const project = {
  host: "my-project.livekit.cloud:443",
  inboundTrunks: [
    new SIPInboundTrunkInfo({
      sipTrunkId: "ST_in",
      name: "carrier",
      allowedNumbers: ["+4930123456"],
      authUsername: "carrier",
      authPassword: SECRET,
      headers: { Authorization: SECRET },
    }),
    new SIPInboundTrunkInfo({ sipTrunkId: "ST_open", numbers: ["+4930123457"] }),
  ],
  outboundTrunks: [new SIPOutboundTrunkInfo({ sipTrunkId: "ST_out", address: "sbc", authPassword: SECRET })],
  dispatchRules: [
    SIPDispatchRuleInfo.fromJson({
      sipDispatchRuleId: "SDR_1",
      trunkIds: ["ST_in"],
      rule: { dispatchRuleDirect: { roomName: "lobby", pin: "4711" } },
    }),
  ],
};

function read(content: unknown) {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  return readForms([{ name: "project.json", bytes: Buffer.from(text) }]);
}

test("an export has no password, but says that there is one; the live objects are not changed by it", () => {
  const text = JSON.stringify(exportProject(project));
  expect(text).not.toContain(SECRET);
  expect(JSON.parse(text).inboundTrunks).toMatchObject([{ authPassword: "[hidden]" }, { sipTrunkId: "ST_open" }]);
  expect(JSON.parse(text).inboundTrunks[1]).not.toHaveProperty("authPassword");
  expect(project.inboundTrunks[0]?.authPassword).toBe(SECRET);
});

test.each([
  ["an export", (it: object) => it],
  ["a report of doctor", (it: object) => ({ format: "trunkline.doctor/1", project: it })],
])("%s is read back", (_, wrap) => {
  const { host, inboundTrunks, dispatchRules } = read(wrap(exportProject(project)));
  expect(host).toBe("my-project.livekit.cloud:443 (project.json)");
  expect(inboundTrunks).toMatchObject([{ allowedNumbers: ["+4930123456"] }, { numbers: ["+4930123457"] }]);
  expect(dispatchRules[0]?.toJson()).toEqual(project.dispatchRules[0]?.toJson());
});

test.each([
  ["no JSON", "not json"],
  ["another format", { ...exportProject(project), format: "trunkline.livekit/2" }],
  ["no rules", { ...exportProject(project), dispatchRules: undefined }],
  ["a trunk that is none", { ...exportProject(project), inboundTrunks: [{ numbers: "+4930" }] }],
])("refuses %s", (_, content) => {
  expect(() => read(content)).toThrow(expect.objectContaining({ code: "BAD_FILE" }));
});
