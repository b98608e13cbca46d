import * as pulumi from "@pulumi/pulumi";
import { HerokuService, type HerokuServiceArgs } from "../../infra/heroku-service.ts";
import { MockedEngine } from "./mocks.ts";

/** With what options each part of an app is declared: test/engine/heroku-replacement.test.ts sees them work, where the real plug-ins are. */

const APP: HerokuServiceArgs = {
  name: "my-app",
  existing: false,
  hasProcess: false,
  keeps: [],
  team: undefined,
  region: "eu",
  stack: "heroku-24",
  addons: [{ plan: "heroku-redis:mini" }],
  drain: pulumi.output("https://logs.example.com"),
  domain: "calls.example.com",
  protect: false,
};
const RUNNING = {
  processType: "web",
  size: "basic",
  quantity: 1,
  preboot: true,
  artefact: { path: "a.tgz", buildHash: "0123456789abcdef", bytes: 1 },
} as const;

beforeAll(() => new MockedEngine(pulumi).start("dev"));

/** The options of each child, by its type. */
async function optionsOf(changes: Partial<HerokuServiceArgs>): Promise<Map<string, pulumi.CustomResourceOptions>> {
  const found = new Map<string, pulumi.CustomResourceOptions>();
  const record: pulumi.ResourceTransformation = ({ type, opts }) => {
    found.set(type.split(":").at(-1) ?? "", opts);
    return undefined;
  };
  const service = new HerokuService("middleware", { ...APP, ...changes }, { transformations: [record] });
  const made = service.deploy({ ...RUNNING, configVars: { plain: {}, secret: {}, unsaid: [] } });
  await new Promise<unknown>((resolve) => pulumi.all(made.map(({ urn }) => urn)).apply(resolve));
  found.delete("Service");
  return found;
}

/** Made first, a second one of these is refused by Heroku, and nothing is deleted. */
const REFUSED_TWICE = ["App", "Domain"];

test.each([false, true])(
  "a replacement deletes nothing that it has just made (an app that exists: %s)",
  async (existing) => {
    const options = await optionsOf({ existing });
    expect([...options.keys()]).toEqual(expect.arrayContaining([...REFUSED_TWICE, "Addon", "Drain", "AppFeature"]));
    for (const [type, { deleteBeforeReplace = false }] of options)
      if (type !== "AppAdoption") expect([type, deleteBeforeReplace]).toEqual([type, !REFUSED_TWICE.includes(type)]);
  },
);

test.each([false, true])("config vars go with the app only (an app that exists: %s)", async (existing) => {
  expect((await optionsOf({ existing })).get("AppConfigAssociation")).toMatchObject({ retainOnDelete: true });
});
