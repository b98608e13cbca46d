import { describeDeployments, MIDDLEWARE, type Surroundings, setHeroku } from "../heroku-api/heroku-stack.ts";
import type { StoredApp } from "../heroku-api/store.ts";
import { must } from "./stack.ts";

/** What `--replace` does to the apps: those of the bridged provider are not ours, and how they are declared is. docs/REPLACEMENT.md says it. */

const UP = ["up", "--yes", "--skip-preview"];
const DRAIN = "https://canary-of-the-drain@logs.example.com";

jest.setTimeout(300_000);

interface Resource {
  urn: string;
  type: string;
}

/** What the app is to those who call it and who read its logs; an add-on by its plan, for a replaced one is another one. */
function seen({ id, acm, vars: all, addons, formation, features, drains, domains }: StoredApp): object {
  const vars = { ...all, REDIS_URL: all.REDIS_URL?.replace(addons[0]?.name ?? "", "ours") };
  const plans = addons.map(({ plan }) => plan);
  const urls = drains.map(({ url }) => url);
  const { enabled } = features.get("preboot") ?? {};
  return { id, acm, vars, plans, formation: formation.get("web"), preboot: enabled, urls, domains };
}

describeDeployments("replacement on Heroku", (start) => {
  let surroundings: Surroundings;

  beforeAll(async () => {
    surroundings = await start();
    const { stack } = surroundings;
    const middleware = { domain: "calls.example.com", size: "standard-1x", preboot: "true" };
    await setHeroku(
      stack,
      Object.fromEntries(Object.entries(middleware).map(([name, value]) => [`middleware.${name}`, value])),
    );
    await must(stack.pulumi(["config", "set", "--secret", "herokuDrain", DRAIN]));
    await must(stack.pulumi(UP));
  });
  afterAll(() => surroundings?.stop());

  const pulumi = (...args: string[]) => surroundings.stack.pulumi(args);

  function middleware(): StoredApp {
    const { apps } = surroundings.api.store;
    const [app, ...others] = apps.filter(({ name }) => name === MIDDLEWARE);
    if (app === undefined || others.length > 0) throw new Error(`there are ${apps.length} apps`);
    return app;
  }

  async function urnOf(type: string): Promise<string> {
    const { stdout } = await must(pulumi("stack", "export"));
    const { deployment } = JSON.parse(stdout) as { deployment: { resources: Resource[] } };
    const found = deployment.resources.find(
      (each) => each.type.endsWith(`:${type}`) && each.urn.includes("::middleware"),
    );
    if (found === undefined) throw new Error(`there is no ${type}`);
    return found.urn;
  }

  test.each(["AppConfigAssociation", "Addon", "Formation", "Build", "AppFeature", "Drain"])(
    "%s: the app is as it was",
    async (type) => {
      const before = seen(middleware());
      expect((await must(pulumi(...UP, "--replace", await urnOf(type)))).stdout).toMatch(/replaced/);
      expect(seen(middleware())).toEqual(before);
      await must(pulumi(...UP, "--expect-no-changes"));
    },
  );

  test.each(["App", "Domain"])("%s: refused by Heroku, and the app is as it was", async (type) => {
    const before = seen(middleware());
    expect((await pulumi(...UP, "--replace", await urnOf(type))).code).not.toBe(0);
    expect(seen(middleware())).toEqual(before);
    await must(pulumi(...UP, "--expect-no-changes"));
  });
});
