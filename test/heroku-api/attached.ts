import { randomUUID } from "node:crypto";
import { addonBody, domainBody, drainBody, featureBody } from "./answers.ts";
import { refuse } from "./refusal.ts";
import { found, ofApp, type Request, type Route, text } from "./route.ts";
import type { Store, StoredApp } from "./store.ts";

/** What an app has beside its code: add-ons, features, log drains, domains. */
export const ATTACHED: readonly Route[] = [
  ofApp(
    "POST",
    "/addons",
    (app, store, { body }) => addonBody(app, store.addAddon(app, text(body.plan), text(body.name) || undefined)),
    201,
  ),
  ofApp("GET", "/addons/:addon", (app, _store, { parts }) => addonBody(app, addonOf(app, parts.addon))),
  ofApp("DELETE", "/addons/:addon", (app, store, { parts }) => {
    const addon = addonOf(app, parts.addon);
    store.removeAddon(app, addon);
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
  ofApp("POST", "/domains", createDomain, 201),
  ofApp("GET", "/domains/:domain", (app, _store, { parts }) => domainBody(app, domainOf(app, parts.domain))),
  ofApp("DELETE", "/domains/:domain", (app, _store, { parts }) => {
    const domain = domainOf(app, parts.domain);
    app.domains.splice(app.domains.indexOf(domain), 1);
    return domainBody(app, domain);
  }),
];

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

/** `sni_endpoint` has to be said, be it null; a host name belongs to one app. */
function createDomain(app: StoredApp, store: Store, { body }: Request): unknown {
  const hostname = text(body.hostname);
  if (!("sni_endpoint" in body)) refuse(422, "invalid_params", "Required params were missing: sni_endpoint");
  if (store.apps.some(({ domains }) => domains.some((one) => one.hostname === hostname)))
    refuse(422, "invalid_params", `${hostname} is currently in use by another app.`);
  const domain = { id: randomUUID(), hostname };
  app.domains.push(domain);
  return domainBody(app, domain);
}

function domainOf(app: StoredApp, identity = "") {
  return found(
    app.domains.find(({ id, hostname }) => id === identity || hostname === identity),
    "domain",
  );
}
