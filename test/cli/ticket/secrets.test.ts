import { SIPDispatchRule, SIPDispatchRuleDirect, SIPDispatchRuleInfo, SIPInboundTrunkInfo } from "livekit-server-sdk";
import {
  numbersOfProject,
  secretsOfEnvironment,
  secretsOfProject,
  secretsOfState,
} from "../../../cli/ticket/secrets.ts";
import { LOCAL_PASSPHRASE } from "../../../sandbox/pulumi/cli.ts";

const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(value),
});

test("secrets of a state: texts as they are, each of a comma-separated list, of objects all but what is known to be none", () => {
  const services = {
    middleware: { LIVEKIT_URL: "ws://x", JAMBONZ_WEBHOOK_SECRETS: "first-one,second-one", MY_OWN: "also-secret" },
  };
  const state = {
    deployment: {
      resources: [{ inputs: { authPassword: secret("sip-password") } }, { outputs: { services: secret(services) } }],
    },
  };
  expect(secretsOfState(state)).toEqual([
    "sip-password",
    "first-one,second-one",
    "first-one",
    "second-one",
    "also-secret",
  ]);
});

test("secrets of the environment, by the variable's name; the published passphrase of the local stack is none", () => {
  const environment = {
    LIVEKIT_API_SECRET: "a",
    CALLS_TOKEN: "b",
    GH_TOKEN: "c",
    PULUMI_CONFIG_PASSPHRASE: LOCAL_PASSPHRASE,
    PATH: "/bin",
    KEYBOARD: "d",
  };
  expect(secretsOfEnvironment(environment)).toEqual(["a", "b", "c"]);
});

test("passwords, PINs and numbers of live objects, also of those made by hand", () => {
  const trunk = new SIPInboundTrunkInfo({
    authPassword: "by-hand",
    numbers: ["+4930111"],
    allowedNumbers: ["+49151222"],
  });
  const direct = new SIPDispatchRuleDirect({ roomName: "lobby", pin: "4711" });
  const rule = new SIPDispatchRuleInfo({
    rule: new SIPDispatchRule({ rule: { case: "dispatchRuleDirect", value: direct } }),
    inboundNumbers: ["+49151333"],
  });
  const project = { host: "h", inboundTrunks: [trunk], outboundTrunks: [], dispatchRules: [rule] };
  expect(secretsOfProject(project)).toEqual(["by-hand", "4711"]);
  expect(numbersOfProject(project)).toEqual(["+4930111", "+49151222", "+49151333"]);
});
