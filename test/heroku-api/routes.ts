import { createHash, randomUUID } from "node:crypto";
import { appBody, buildBody, formationBody, releaseBody, teamAppBody } from "./answers.ts";
import { ATTACHED } from "./attached.ts";
import { refuse } from "./refusal.ts";
import { found, ofApp, type Request, type Route, text } from "./route.ts";
import type { Store, StoredApp } from "./store.ts";

const webUrl = (app: StoredApp, { base }: Request) => `${base}/web/${app.name}/`;

/** The part of the Platform API that the Terraform provider uses. */
export const ROUTES: readonly Route[] = [
  { method: "POST", path: "/apps", status: 201, answer: createApp },
  { method: "POST", path: "/teams/apps", status: 201, answer: createApp },
  { method: "GET", path: "/teams/apps/:app", answer: teamApp },
  ofApp("GET", "", (app, _store, request) => appBody(app, webUrl(app, request))),
  ofApp("PATCH", "", updateApp),
  ofApp("DELETE", "", (app, store, request) => {
    store.removeApp(app);
    return appBody(app, webUrl(app, request));
  }),
  ofApp("POST", "/acm", (app, _store, request) => setAcm(app, request, true)),
  ofApp("DELETE", "/acm", (app, _store, request) => setAcm(app, request, false)),
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
  ...ATTACHED,
];

function createApp(store: Store, request: Request): unknown {
  const { name, region, stack, team } = request.body;
  if (store.app(text(name)) !== undefined) refuse(422, "invalid_params", `Name ${name} is already taken`);
  const owner = text(team) || undefined;
  const given = { name: text(name), region: text(region) || "us", stack: text(stack) || "heroku-24", team: owner };
  const app = store.addApp(given);
  return appBody(app, webUrl(app, request));
}

function teamApp(store: Store, request: Request): unknown {
  const app = store.app(request.parts.app ?? "");
  return teamAppBody(found(app?.team === undefined ? undefined : app, "app"), `${request.base}/web/${app?.name}/`);
}

function updateApp(app: StoredApp, _store: Store, request: Request): unknown {
  app.name = text(request.body.name) || app.name;
  app.stack = text(request.body.build_stack) || app.stack;
  return appBody(app, webUrl(app, request));
}

function setAcm(app: StoredApp, request: Request, isOn: boolean): unknown {
  app.acm = isOn;
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
