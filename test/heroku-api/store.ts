import { randomUUID } from "node:crypto";

export type Status = "pending" | "succeeded" | "failed";

export interface StoredRelease {
  id: string;
  version: number;
  description: string;
  status: Status;
  createdAt: string;
  /** The config vars before it: what a release that fails leaves running. */
  before: Record<string, string>;
}

export interface StoredBuild {
  id: string;
  status: Status;
  source: { url: string; version: string; checksum: string };
  release: string | undefined;
  createdAt: string;
}

export interface StoredAddon {
  id: string;
  name: string;
  plan: string;
  /** Goes with it. */
  configVar: string;
}

export interface StoredApp {
  id: string;
  name: string;
  region: string;
  /** The team's name; without one the app is the account's own. */
  team: string | undefined;
  stack: string;
  acm: boolean;
  vars: Record<string, string>;
  releases: StoredRelease[];
  builds: StoredBuild[];
  addons: StoredAddon[];
  /** By process type. */
  formation: Map<string, { id: string; size: string; quantity: number }>;
  features: Map<string, { id: string; enabled: boolean }>;
  drains: { id: string; url: string; token: string }[];
  domains: { id: string; hostname: string }[];
  createdAt: string;
}

/** What the server knows, and what changes in it: each change of an app makes a release, as on Heroku. */
export class Store {
  readonly apps: StoredApp[] = [];
  /** Uploaded archives by their path. */
  readonly uploads = new Map<string, Buffer>();
  /** Whether the next release's `release:` command fails. */
  failNextRelease = false;
  /** Called when dynos of an app start anew: after a deployment, new config vars, another formation. */
  onStart: (app: StoredApp) => void = () => undefined;

  app(identity: string): StoredApp | undefined {
    return this.apps.find(({ id, name }) => id === identity || name === identity);
  }

  addApp(given: { name?: string; region?: string; stack?: string; team?: string | undefined }): StoredApp {
    const app: StoredApp = {
      id: randomUUID(),
      name: given.name ?? `app-${randomUUID().slice(0, 8)}`,
      region: given.region ?? "us",
      team: given.team,
      stack: given.stack ?? "heroku-24",
      acm: false,
      vars: {},
      releases: [],
      builds: [],
      addons: [],
      formation: new Map(),
      features: new Map(),
      drains: [],
      domains: [],
      createdAt: new Date().toISOString(),
    };
    this.apps.push(app);
    this.release(app, "Initial release", "succeeded");
    return app;
  }

  removeApp(app: StoredApp): void {
    this.apps.splice(this.apps.indexOf(app), 1);
  }

  /** `null` removes a var. Unchanged vars make no release. */
  setVars(app: StoredApp, changes: Record<string, string | null>): void {
    const changed = Object.entries(changes).filter(([name, value]) => (app.vars[name] ?? null) !== value);
    const before = { ...app.vars };
    for (const [name, value] of changed) {
      if (value === null) delete app.vars[name];
      else app.vars[name] = value;
    }
    if (changed.length > 0)
      this.release(app, `Set ${changed.map(([name]) => name).join(", ")} config vars`).before = before;
  }

  addBuild(app: StoredApp, source: StoredBuild["source"]): StoredBuild {
    const createdAt = new Date().toISOString();
    const build: StoredBuild = { id: randomUUID(), status: "pending", source, release: undefined, createdAt };
    app.builds.push(build);
    return build;
  }

  /** A build that was looked at once is done: with a checksum that is right, and it becomes a release. */
  finishBuild(app: StoredApp, build: StoredBuild): void {
    if (build.status !== "pending") return;
    build.status = this.uploads.has(new URL(build.source.url).pathname) ? "succeeded" : "failed";
    if (build.status === "failed") return;
    build.release = this.release(app, `Deploy ${build.source.version}`, "succeeded").id;
    for (const type of ["web", "worker"])
      if (!app.formation.has(type)) app.formation.set(type, { id: randomUUID(), size: "Basic", quantity: 0 });
    this.onStart(app);
  }

  scale(app: StoredApp, type: string, formation: { id: string; size: string; quantity: number }): void {
    app.formation.set(type, formation);
    this.onStart(app);
  }

  release(app: StoredApp, description: string, status: Status = "pending"): StoredRelease {
    const version = app.releases.length + 1;
    const release = {
      id: randomUUID(),
      version,
      description,
      status,
      createdAt: new Date().toISOString(),
      before: app.vars,
    };
    app.releases.push(release);
    return release;
  }

  /** A release that was looked at once is done. */
  finishRelease(app: StoredApp, release: StoredRelease): void {
    if (release.status !== "pending") return;
    release.status = this.failNextRelease ? "failed" : "succeeded";
    this.failNextRelease = false;
    if (release.status === "succeeded") this.onStart(app);
    else app.vars = release.before;
  }

  addAddon(app: StoredApp, plan: string, name = `${plan.split(":")[0]}-${randomUUID().slice(0, 5)}`): StoredAddon {
    // The second one of a service gets a color: HEROKU_REDIS_TEAL_URL.
    const configVar = "REDIS_URL" in app.vars ? `HEROKU_REDIS_${app.addons.length}_URL` : "REDIS_URL";
    const addon = { id: randomUUID(), name, plan, configVar };
    app.addons.push(addon);
    app.vars[configVar] = `rediss://:secret-of-${addon.name}@127.0.0.1:6380`;
    this.release(app, `Attach ${name}`, "succeeded");
    return addon;
  }

  removeAddon(app: StoredApp, addon: StoredAddon): void {
    app.addons.splice(app.addons.indexOf(addon), 1);
    delete app.vars[addon.configVar];
    this.release(app, `Detach ${addon.name}`, "succeeded");
  }
}
