import { withoutPulumiFlags } from "../../contract/pulumi-environment.ts";
import { PULUMI_FLAGS } from "../engine/pulumi-flags.ts";

test("pulumi gets none of the variables that change its flags, whatever they are called", () => {
  expect(withoutPulumiFlags({ ...PULUMI_FLAGS, PULUMI_OF_A_LATER_VERSION: "true" })).toEqual({});
});

test("it gets where the state is, who asks, and everything that is not Pulumi's", () => {
  const kept = {
    PATH: "/bin",
    LIVEKIT_API_KEY: "key",
    PULUMI_ACCESS_TOKEN: "token",
    PULUMI_BACKEND_URL: "file:///state",
    PULUMI_CONFIG_PASSPHRASE: "passphrase",
    PULUMI_CONFIG_PASSPHRASE_FILE: "/passphrase",
    PULUMI_DIY_BACKEND_GZIP: "true",
    PULUMI_HOME: "/home",
  };
  expect(withoutPulumiFlags({ ...kept, PULUMI_SKIP_CONFIRMATIONS: "true" })).toEqual(kept);
});
