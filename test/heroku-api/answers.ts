import type * as Heroku from "@heroku-cli/schema";
import type { Published } from "./published.ts";
import type { StoredAddon, StoredApp, StoredBuild, StoredRelease } from "./store.ts";

/** The answers' bodies, each held to the type of Heroku's published schema. */

const OWNER = { id: "01234567-89ab-4def-8123-456789abcdef", email: "somebody@example.com" };

export function appBody(app: StoredApp, webUrl: string): Published<Heroku.App> {
  return {
    id: app.id,
    name: app.name,
    acm: app.acm,
    archived_at: null,
    build_stack: { id: app.stack, name: app.stack },
    buildpack_provided_description: null,
    created_at: app.createdAt,
    git_url: `https://git.heroku.com/${app.name}.git`,
    internal_routing: false,
    maintenance: false,
    owner: OWNER,
    organization: app.team === undefined ? null : { name: app.team },
    region: { id: app.region, name: app.region },
    released_at: app.createdAt,
    repo_size: 0,
    slug_size: 0,
    space: null,
    stack: { id: app.stack, name: app.stack },
    team: app.team === undefined ? null : { id: app.team, name: app.team },
    updated_at: app.createdAt,
    web_url: webUrl,
  };
}

/** What only the team's view of an app says. */
export function teamAppBody(app: StoredApp, webUrl: string): Published<Heroku.TeamApp> {
  const { acm: _, organization: __, ...body } = appBody(app, webUrl);
  return { ...body, joined: true, locked: false };
}

export function releaseBody(app: StoredApp, release: StoredRelease): Published<Heroku.Release> {
  return {
    id: release.id,
    version: release.version,
    description: release.description,
    status: release.status,
    current: release === app.releases.at(-1),
    addon_plan_names: app.addons.map(({ plan }) => plan),
    app: { id: app.id, name: app.name },
    output_stream_url: null,
    slug: null,
    user: OWNER,
    created_at: release.createdAt,
    updated_at: release.createdAt,
  };
}

export function buildBody(app: StoredApp, build: StoredBuild): Published<Heroku.Build> {
  const { url, version, checksum } = build.source;
  return {
    id: build.id,
    app: { id: app.id },
    buildpacks: null,
    output_stream_url: "https://build-output.example.com/",
    ...(build.release === undefined ? {} : { release: { id: build.release } }),
    slug: build.release === undefined ? null : { id: build.id },
    source_blob: { url, version, checksum, version_description: null },
    stack: app.stack,
    status: build.status,
    user: OWNER,
    created_at: build.createdAt,
    updated_at: build.createdAt,
  };
}

export function addonBody(app: StoredApp, addon: StoredAddon): Published<Heroku.AddOn> {
  return {
    id: addon.id,
    name: addon.name,
    app: { id: app.id, name: app.name },
    addon_service: { id: addon.plan, name: addon.plan.split(":")[0] ?? "" },
    plan: { id: addon.plan, name: addon.plan },
    config_vars: [addon.configVar],
    provider_id: addon.id,
    state: "provisioned",
    actions: [],
    billing_entity: { id: app.id, name: app.name, type: "app" },
    billed_price: null,
    web_url: null,
    created_at: app.createdAt,
    updated_at: app.createdAt,
  };
}

export function formationBody(app: StoredApp, type: string): Published<Heroku.Formation> {
  const { id, size, quantity } = app.formation.get(type) ?? { id: "", size: "", quantity: 0 };
  return {
    id,
    type,
    size,
    quantity,
    app: { id: app.id, name: app.name },
    command: "npm start",
    created_at: app.createdAt,
    updated_at: app.createdAt,
  };
}

export function featureBody(app: StoredApp, name: string): Published<Heroku.AppFeature> {
  const { id, enabled } = app.features.get(name) ?? { id: "", enabled: false };
  return {
    id,
    name,
    enabled,
    description: name,
    display_name: name,
    doc_url: "https://devcenter.example.com/",
    feedback_email: "",
    state: "general",
    created_at: app.createdAt,
    updated_at: app.createdAt,
  };
}

export function drainBody(app: StoredApp, drain: StoredApp["drains"][number]): Published<Heroku.LogDrain> {
  return { ...drain, created_at: app.createdAt, updated_at: app.createdAt };
}

export function domainBody(app: StoredApp, { id, hostname }: StoredApp["domains"][number]): Published<Heroku.Domain> {
  return {
    id,
    hostname,
    app: { id: app.id, name: app.name },
    acm_status: app.acm ? "pending" : null,
    acm_status_reason: null,
    cname: `${hostname}.herokudns.com`,
    kind: "custom",
    sni_endpoint: null,
    status: "succeeded",
    created_at: app.createdAt,
    updated_at: app.createdAt,
  };
}
