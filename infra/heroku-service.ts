import * as heroku from "@pulumi/heroku";
import * as pulumi from "@pulumi/pulumi";
import { HerokuAppAdoption } from "@trunkline/providers";
import type { Artefact } from "./artefact/artefact.ts";

/** Where an existing app is: another place would mean another app. Its region is looked at before. */
const PLACE = ["organization", "space"];

/** A service's config vars: each name in one of both. */
export interface ConfigVars {
  /** Shown in previews. */
  plain: pulumi.Input<Record<string, pulumi.Input<string>>>;
  secret: pulumi.Input<Record<string, pulumi.Input<string>>>;
  /** Names in `plain` whose value is a default: an app that exists keeps its own. */
  unsaid: string[];
}

/** An app, and what belongs to it whatever runs there. */
export interface HerokuServiceArgs {
  name: string;
  /** Taken over as it is: imported, it keeps its Heroku stack, team and certificates, and stays when this stack is destroyed. */
  existing: boolean;
  /** Of an existing app: it has the process type already, which is imported, too. */
  hasProcess: boolean;
  /** What of its dynos is left as it is found. */
  keeps: ("size" | "quantity")[];
  team: string | undefined;
  region: "eu";
  /** The Heroku stack of a new app. */
  stack: string;
  /** Each sets config vars of its own, e.g. REDIS_URL: they are not ours. */
  addons: readonly { plan: string; existing?: string | undefined }[];
  /** A secret. */
  drain: pulumi.Output<string> | undefined;
  domain?: string | undefined;
  protect: boolean;
}

/** What runs in an app. */
export interface DeployArgs {
  processType: "web" | "worker";
  size: string;
  quantity: number;
  configVars: ConfigVars;
  artefact: Artefact;
  preboot?: boolean;
  /** What has to be there before anything that restarts the dynos. */
  after?: pulumi.Resource[];
}

/**
 * One app on Heroku that runs one process type: app → add-ons and config vars → build → formation.
 * The config vars have one owner, so what somebody sets by hand beside them is left alone.
 */
export class HerokuService extends pulumi.ComponentResource {
  readonly app: heroku.App;
  /** Where it answers, without `/` at the end. Known before anything runs there. */
  readonly url: pulumi.Output<string>;
  readonly #name: string;
  readonly #args: HerokuServiceArgs;
  readonly #addons: heroku.Addon[];

  constructor(name: string, args: HerokuServiceArgs, options: pulumi.ComponentResourceOptions) {
    super("trunkline:heroku:Service", name, {}, options);
    this.#name = name;
    this.#args = args;
    this.app = this.#declareApp();
    this.url = this.app.webUrl.apply((url) => url.replace(/\/$/, ""));
    this.#addons = this.#declareAddons();
    this.#declareDrain();
    this.#declareDomain();
    this.registerOutputs({ url: this.url });
  }

  /** Returns what has happened when the app runs what was declared. */
  deploy(args: DeployArgs): pulumi.Resource[] {
    const configVars = this.#declareConfigVars(args);
    const build = this.#declareBuild(args, [configVars, ...this.#addons]);
    const formation = this.#declareFormation(args, build);
    return [formation, ...(args.preboot === true ? [this.#declarePreboot(formation)] : [])];
  }

  #declareApp(): heroku.App {
    const { name, region, stack, team, existing, protect, domain } = this.#args;
    if (existing) return this.#importApp();
    const organization = team === undefined ? {} : { organization: { name: team } };
    const acm = domain === undefined ? {} : { acm: true };
    return new heroku.App(this.#name, { name, region, stack, ...organization, ...acm }, { parent: this, protect });
  }

  /** Nothing is declared that an import would have to change: engines before 3.252 then forget it, and import the app again. */
  #importApp(): heroku.App {
    const { name, region, protect } = this.#args;
    return new heroku.App(
      this.#name,
      { name, region: regionOf(name, region, this) },
      { parent: this, protect, import: name, retainOnDelete: true, ignoreChanges: PLACE },
    );
  }

  #declareAddons(): heroku.Addon[] {
    return this.#args.addons.map(({ plan, existing }) => {
      const name = `${this.#name}-${plan.split(":")[0]}`;
      const protect = this.#args.protect;
      const options = existing === undefined ? this.#child() : { ...this.#child(), import: existing };
      return new heroku.Addon(name, { appId: this.app.uuid, plan }, { ...options, protect });
    });
  }

  /** Left to the app, with which they go: what the provider deletes last in a replacement is the names it has just written. */
  #declareConfigVars({ configVars, after = [] }: DeployArgs): heroku.AppConfigAssociation {
    const { secret } = configVars;
    const plain = this.#args.existing ? this.#declareAdoption(configVars) : configVars.plain;
    return new heroku.AppConfigAssociation(
      this.#name,
      { appId: this.app.uuid, vars: plain, sensitiveVars: pulumi.secret(secret) },
      { ...this.#child(), retainOnDelete: true, dependsOn: after },
    );
  }

  /** The preview shows what becomes of the app's own config vars. Returns those that are written. */
  #declareAdoption({ plain, secret, unsaid }: ConfigVars): pulumi.Output<Record<string, string>> {
    const args = { app: this.#args.name, vars: plain, secretVars: secret, unsaid };
    const { kept } = new HerokuAppAdoption(this.#name, args, { parent: this });
    const isWritten = (name: string, names: string[] = []) => !(unsaid.includes(name) && names.includes(name));
    return pulumi
      .all([plain, kept])
      .apply(([vars, names]) => Object.fromEntries(Object.entries(vars).filter(([name]) => isWritten(name, names))));
  }

  /** Needs all config vars: the archive's `release:` command checks them. */
  #declareBuild({ artefact, after = [] }: DeployArgs, parts: pulumi.Resource[]): heroku.Build {
    const { path, buildHash } = artefact;
    return new heroku.Build(
      this.#name,
      { appId: this.app.uuid, source: { path, version: buildHash } },
      { ...this.#child(), dependsOn: [...parts, ...after] },
    );
  }

  /**
   * Heroku makes a formation with the first release of its process type, so declaring one takes over what is there. One that
   * was there before is imported: the preview shows what would become of its size and quantity, as far as they are said.
   */
  #declareFormation({ processType: type, size, quantity }: DeployArgs, build: heroku.Build): heroku.Formation {
    const { name, existing, hasProcess, keeps: ignoreChanges } = this.#args;
    const inputs = { appId: this.app.uuid, type, size, quantity };
    const imported = { ...this.#child(), import: `${name}:${type}`, ignoreChanges };
    const options = existing && hasProcess ? imported : this.#child();
    return new heroku.Formation(this.#name, inputs, { ...options, dependsOn: build });
  }

  #declarePreboot(formation: heroku.Formation): heroku.AppFeature {
    const inputs = { appId: this.app.uuid, name: "preboot" };
    return new heroku.AppFeature(`${this.#name}-preboot`, inputs, { ...this.#child(), dependsOn: formation });
  }

  #declareDrain(): void {
    const { drain } = this.#args;
    if (drain === undefined) return;
    new heroku.Drain(
      this.#name,
      { appId: this.app.uuid, sensitiveUrl: drain },
      { parent: this, deleteBeforeReplace: true },
    );
  }

  #declareDomain(): void {
    const { domain } = this.#args;
    if (domain === undefined) return;
    new heroku.Domain(this.#name, { appId: this.app.uuid, hostname: domain }, { parent: this });
  }

  /**
   * What belongs to an app goes with it; what belongs to an app that stays, stays. There is one of each: made before the old one is deleted,
   * it would be deleted with it, or get another name (a second Redis is no REDIS_URL).
   */
  #child(): pulumi.CustomResourceOptions {
    const stays = this.#args.existing ? { retainOnDelete: true } : { deletedWith: this.app };
    return { parent: this, deleteBeforeReplace: true, ...stays };
  }
}

function regionOf(name: string, wanted: string, parent: pulumi.Resource): pulumi.Output<string> {
  return heroku.getAppOutput({ name }, { parent }).region.apply((found) => requireRegion(name, found, wanted));
}

/** A region cannot be changed, only replaced with another app: that is never done. */
export function requireRegion(name: string, found: string, wanted: string): string {
  if (found === wanted) return found;
  throw new pulumi.RunError(
    `HEROKU_REGION: the app "${name}" is in the region "${found}", and has to be in "${wanted}": calls and their data stay in Europe. A region cannot be changed. The app was left as it was. Give another name, without \`existing\`, for a new app.`,
  );
}
