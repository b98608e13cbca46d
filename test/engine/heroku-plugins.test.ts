import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findPlugins } from "../heroku-api/plugins.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "trunkline-plugins-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function have(...paths: string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), "");
  }
}

const find = () => findPlugins({ PATH: join(folder, "bin"), PULUMI_HOME: join(folder, "home") });
const PROVIDER =
  "home/dynamic_tf_plugins/registry.opentofu.org/heroku/heroku/5.3.2/linux_amd64/terraform-provider-heroku";
const BRIDGE = "home/plugins/resource-terraform-provider-v1.1.1/pulumi-resource-terraform-provider";

test("the real plug-ins are found on PATH and in Pulumi's own cache", () => {
  have("bin/pulumi-language-nodejs", "bin/pulumi-resource-random", BRIDGE, PROVIDER);
  expect(find()).toEqual({
    folders: [join(folder, "bin"), dirname(join(folder, BRIDGE)), join(folder, "bin")],
    providerCache: join(folder, "home/dynamic_tf_plugins"),
  });
});

test("without one of them the deployment is not run", () => {
  have("bin/pulumi-language-nodejs", "bin/pulumi-resource-random", BRIDGE);
  expect(find()).toBeUndefined();
});
