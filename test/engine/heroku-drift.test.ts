import { type Look, lookAt } from "../../cli/drift/look.ts";
import type { CliError } from "../../cli/errors.ts";
import { AGENT, describeDeployments, MIDDLEWARE, type Surroundings } from "../heroku-api/heroku-stack.ts";
import type { StoredApp } from "../heroku-api/store.ts";
import { must } from "./stack.ts";

/** `trunkline drift` on a stack with both apps: what was changed on Heroku, and what is no longer there. */

const UP = ["up", "--yes", "--skip-preview"];

jest.setTimeout(300_000);

describeDeployments("drift on Heroku", (start) => {
  let surroundings: Surroundings;

  beforeAll(async () => {
    surroundings = await start();
    await must(surroundings.stack.pulumi(UP));
  });
  afterAll(() => surroundings?.stop());

  const pulumi = (...args: string[]) => surroundings.stack.pulumi(args);
  const look = (): Promise<Look> => lookAt("dev", { environment: surroundings.stack.env, run: pulumi });
  const app = (name: string): StoredApp => {
    const found = surroundings.api.store.app(name);
    if (found === undefined) throw new Error(`there is no app ${name}`);
    return found;
  };

  test("nobody has touched it: nothing", async () => {
    expect((await look()).differences).toEqual([]);
  });

  test("config vars that were changed and deleted by hand are told one by one, and healed", async () => {
    const { vars } = app(MIDDLEWARE);
    vars.CALL_FLOW = "dial";
    delete vars.FALLBACK;
    vars.BY_HAND = "beside ours"; // nobody's concern
    const { differences } = await look();
    const changed = { kind: "changed", system: "Heroku", object: 'app config association "middleware"' };
    expect(differences).toEqual([
      expect.objectContaining({ ...changed, field: "vars.CALL_FLOW", declared: "callback", live: "dial" }),
      expect.objectContaining({ ...changed, field: "vars.FALLBACK", declared: "say", live: undefined }),
    ]);
    await must(pulumi(...UP, "--refresh"));
    expect(vars).toMatchObject({ CALL_FLOW: "callback", FALLBACK: "say" });
  });

  test("a secret config var that was changed is told without its value", async () => {
    app(MIDDLEWARE).vars.JAMBONZ_WEBHOOK_SECRETS = "canary-by-hand";
    const { differences } = await look();
    expect(differences).toEqual([
      expect.objectContaining({ kind: "changed", field: "sensitiveVars", declared: "[secret]", live: "[secret]" }),
    ]);
    await must(pulumi(...UP, "--refresh"));
    expect((await look()).differences).toEqual([]);
  });

  test("an add-on that was deleted is missing, and made anew", async () => {
    const { store } = surroundings.api;
    for (const addon of [...app(MIDDLEWARE).addons]) store.removeAddon(app(MIDDLEWARE), addon);
    expect((await look()).differences).toEqual([
      expect.objectContaining({ kind: "missing", object: 'addon "middleware-heroku-redis"' }),
    ]);
    await must(pulumi(...UP, "--refresh"));
    expect(app(MIDDLEWARE).addons).toHaveLength(1);
  });

  test("an app that was deleted hides the rest: it is said what cannot be read, and the repair works as it is written", async () => {
    surroundings.api.store.removeApp(app(AGENT));
    const refusal = await look().then(
      () => undefined,
      (error: CliError) => error,
    );
    expect(refusal).toMatchObject({
      code: "CANNOT_LOOK",
      message: expect.stringMatching(/^cannot look: \S.* "agent": .*Couldn't find that app/),
    });
    const [, urn = ""] =
      /pulumi state delete '(\S+)' --target-dependents --yes --stack dev/.exec(refusal?.hint ?? "") ?? [];
    await must(pulumi("state", "delete", urn, "--target-dependents", "--yes"));
    await must(pulumi(...UP));
    expect(app(AGENT).formation.get("worker")).toMatchObject({ quantity: 1 });
    expect((await look()).differences).toEqual([]);
  });
});
