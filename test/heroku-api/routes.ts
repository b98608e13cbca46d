import { createHash, randomUUID } from "node:crypto";
import { addonBody, appBody, buildBody, drainBody, featureBody, formationBody, releaseBody } from "./answers.ts";
import { refuse } from "./refusal.ts";
import type { Store, StoredApp } from "./store.ts";

export interface Request {
  body: Record<string, unknown>;
  /** What the path's `:name` parts are. */
  parts: Record<string, string>;
  /** The server's own address, without `/` at the end. */
  base: string;
  headers: NodeJS.Dict<string | string[]>;
}

export interface Route {
  method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  path: string;
  status?: number;
  answer(store: Store, request: Request): unknown;
}

/** A route below one app, which has to be there. */
function ofApp(
  method: Route["method"],
  path: string,
  answer: (app: StoredApp, store: Store, request: Request) => unknown,
  status = 200,
): Route {
  const find = (store: Store, request: Request) => {
    const app = store.app(request.parts.app ?? "") ?? refuse(404, "not_found", "Couldn't find that app.");
    return answer(app, store, request);
  };
  return { method, path: `/apps/:app${path}`, status, answer: find };
}

const webUrl = (app: StoredApp, { base }: Request) => `${base}/web/${app.name}/`;
const text = (value: unknown) => (typeof value === "string" ? value : "");

function found<T>(item: T | undefined, what: string): T {
  return item ?? refuse(404, "not_found", `Couldn't find that ${what}.`);
}

/** The part of the Platform API that the Terraform provider uses. */
export const ROUTES: readonly Route[] = [
  { method: "POST", path: "/apps", status: 201, answer: createApp },
  ofApp("GET", "", (app, _store, request) => appBody(app, webUrl(app, request))),
  ofApp("PATCH", "", updateApp),
  ofApp("DELETE", "", (app, store, request) => {
    store.removeApp(app);
    return appBody(app, webUrl(app, request));
  }),
  ofApp("GET", "/config-vars", (app) => app.vars),
  ofApp("PATCH", "/config-vars", (app, store, { body }) => {
    store.setVars(app, body as Record<string, string | null>);
    return app.vars;
  }),
  ofApp("GET", "/buildpack-installations", () => []),
  ofApp("GET", "/releases", listReleases),
  ofApp("GET", "/releases/:id", (app, store, { parts }) => {
    const release = found(
      app.releases.find(({ id, version }) => id === parts.id || String(version) === parts.id),
      "release",
    );
    const answer = releaseBody(app, release);
    store.finishRelease(app, release);
    return answer;
  }),
  { method: "POST", path: "/sources", status: 201, answer: createSource },
  ofApp("POST", "/builds", createBuild, 201),
  ofApp("GET", "/builds/:id", (app, store, { parts }) => {
    const build = found(
      app.builds.find(({ id }) => id === parts.id),
      "build",
    );
    const answer = buildBody(app, build);
    store.finishBuild(app, build);
    return answer;
  }),
  ofApp("GET", "/formation/:type", (app, _store, { parts }) => formationBody(app, processType(app, parts.type))),
  ofApp("PATCH", "/formation/:type", updateFormation),
  ofApp(
    "POST",
    "/addons",
    (app, store, { body }) => addonBody(app, store.addAddon(app, text(body.plan), text(body.name) || undefined)),
    201,
  ),
  ofApp("GET", "/addons/:addon", (app, _store, { parts }) => addonBody(app, addonOf(app, parts.addon))),
  ofApp("DELETE", "/addons/:addon", (app, _store, { parts }) => {
    const addon = addonOf(app, parts.addon);
    app.addons.splice(app.addons.indexOf(addon), 1);
    return addonBody(app, addon);
  }),
  { method: "GET", path: "/addons/:addon", answer: findAddon },
  ofApp("GET", "/features/:feature", (app, _store, { parts }) => featureBody(app, featureOf(app, parts.feature))),
  ofApp("PATCH", "/features/:feature", updateFeature),
  ofApp("POST", "/log-drains", createDrain, 201),
  ofApp("GET", "/log-drains/:drain", (app, _store, { parts }) => drainBody(app, drainOf(app, parts.drain))),
  ofApp("DELETE", "/log-drains/:drain", (app, _store, { parts }) => {
    const drain = drainOf(app, parts.drain);
    app.drains.splice(app.drains.indexOf(drain), 1);
    return drainBody(app, drain);
  }),
];

function createApp(store: Store, request: Request): unknown {
  const { name, region, stack } = request.body;
  if (store.app(text(name)) !== undefined) refuse(422, "invalid_params", `Name ${name} is already taken`);
  const app = store.addApp({ name: text(name), region: text(region) || "us", stack: text(stack) || "heroku-24" });
  return appBody(app, webUrl(app, request));
}

function updateApp(app: StoredApp, _store: Store, request: Request): unknown {
  app.name = text(request.body.name) || app.name;
  app.stack = text(request.body.build_stack) || app.stack;
  return appBody(app, webUrl(app, request));
}

/** `Range: version ..; max=1, order=desc` gives the newest one. */
function listReleases(app: StoredApp, _store: Store, { headers }: Request): unknown {
  const range = String(headers.range ?? "");
  const max = Number(/max=(\d+)/.exec(range)?.[1] ?? 200);
  const ordered = range.includes("order=desc") ? app.releases.toReversed() : app.releases;
  return ordered.slice(0, max).map((release) => releaseBody(app, release));
}

function createSource(_store: Store, { base }: Request): unknown {
  const url = `${base}/uploads/${randomUUID()}`;
  return { source_blob: { get_url: url, put_url: url } };
}

function createBuild(app: StoredApp, store: Store, { body }: Request): unknown {
  const { url, version, checksum } = body.source_blob as Record<string, unknown>;
  const upload = found(store.uploads.get(new URL(text(url)).pathname), "source");
  const actual = `SHA256:${createHash("sha256").update(upload).digest("hex")}`;
  if (text(checksum) !== actual) refuse(422, "invalid_params", `Checksum ${checksum} is not ${actual}`);
  const source = { url: text(url), version: text(version), checksum: text(checksum) };
  return buildBody(app, store.addBuild(app, source));
}

function processType(app: StoredApp, identity = ""): string {
  const known = [...app.formation].find(([type, { id }]) => type === identity || id === identity);
  return found(known, "process type")[0];
}

function updateFormation(app: StoredApp, store: Store, { parts, body }: Request): unknown {
  const type = processType(app, parts.type);
  const before = found(app.formation.get(type), "process type");
  const size = body.dyno_size as { name?: string } | undefined;
  const quantity = typeof body.quantity === "number" ? body.quantity : before.quantity;
  store.scale(app, type, { id: before.id, size: size?.name ?? before.size, quantity });
  return formationBody(app, type);
}

function addonOf(app: StoredApp, identity = "") {
  return found(
    app.addons.find(({ id, name }) => id === identity || name === identity),
    "add-on",
  );
}

function findAddon(store: Store, { parts }: Request): unknown {
  const owner = store.apps.find(({ addons }) =>
    addons.some(({ id, name }) => id === parts.addon || name === parts.addon),
  );
  return addonBody(found(owner, "add-on"), addonOf(found(owner, "add-on"), parts.addon));
}

function featureOf(app: StoredApp, identity = ""): string {
  return [...app.features].find(([, { id }]) => id === identity)?.[0] ?? identity;
}

function updateFeature(app: StoredApp, _store: Store, { parts, body }: Request): unknown {
  const name = featureOf(app, parts.feature);
  app.features.set(name, { id: app.features.get(name)?.id ?? randomUUID(), enabled: body.enabled === true });
  return featureBody(app, name);
}

function createDrain(app: StoredApp, _store: Store, { body }: Request): unknown {
  const drain = { id: randomUUID(), url: text(body.url), token: `d.${randomUUID()}` };
  app.drains.push(drain);
  return drainBody(app, drain);
}

function drainOf(app: StoredApp, identity = "") {
  return found(
    app.drains.find(({ id }) => id === identity),
    "log drain",
  );
}
