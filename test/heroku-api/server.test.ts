import { createHash } from "node:crypto";
import { API_KEY, HerokuApi } from "./server.ts";

interface Source {
  source_blob: { put_url: string; get_url: string };
}

let api: HerokuApi;
beforeEach(async () => {
  api = await new HerokuApi().start();
});
afterEach(() => api.stop());

const HEADERS = {
  accept: "application/vnd.heroku+json; version=3",
  authorization: `Basic ${Buffer.from(`:${API_KEY}`).toString("base64")}`,
};

async function call<T = Record<string, unknown>>(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: T }> {
  const init = { method, headers: { ...HEADERS, ...headers } };
  const response = await fetch(api.url + path, body === undefined ? init : { ...init, body: JSON.stringify(body) });
  return { status: response.status, body: (await response.json()) as T };
}

async function newApp(): Promise<string> {
  const { body } = await call<{ id: string }>("POST", "/apps", { name: "my-app", region: "eu", stack: "heroku-24" });
  return body.id;
}

test("an app is found by name and by id; a name is taken once", async () => {
  const id = await newApp();
  expect((await call("GET", "/apps/my-app")).body).toMatchObject({ id, region: { name: "eu" } });
  expect((await call("GET", `/apps/${id}`)).body.name).toBe("my-app");
  expect(await call("POST", "/apps", { name: "my-app" })).toMatchObject({
    status: 422,
    body: { id: "invalid_params" },
  });
  expect(await call("GET", "/apps/other")).toMatchObject({ status: 404, body: { id: "not_found" } });
});

test("changed config vars make a release, which is pending when it is first looked at", async () => {
  const id = await newApp();
  await call("PATCH", `/apps/${id}/config-vars`, { A: "1", B: "2" });
  expect((await call("PATCH", `/apps/${id}/config-vars`, { A: null })).body).toEqual({ B: "2" });
  const newest = { range: "version ..; max=1,order=desc" };
  const [release] = (await call<{ id: string }[]>("GET", `/apps/${id}/releases`, undefined, newest)).body;
  expect(release).toMatchObject({ version: 3, status: "pending" });
  const statuses = [];
  for (const _ of [1, 2]) statuses.push((await call("GET", `/apps/${id}/releases/${release?.id}`)).body.status);
  expect(statuses).toEqual(["pending", "succeeded"]);
});

test("a build needs an uploaded archive with this checksum; then there are process types, and a web dyno answers", async () => {
  const id = await newApp();
  const { source_blob: source } = (await call<Source>("POST", "/sources")).body;
  await fetch(source.put_url, { method: "PUT", body: "archive" });
  const checksum = `SHA256:${createHash("sha256").update("archive").digest("hex")}`;
  const build = { url: source.get_url, version: "abc", checksum };
  expect((await call("POST", `/apps/${id}/builds`, { source_blob: { ...build, checksum: "SHA256:0" } })).status).toBe(
    422,
  );
  expect((await call("PATCH", `/apps/${id}/formation/web`, { quantity: 1 })).status).toBe(404);
  const { body } = await call("POST", `/apps/${id}/builds`, { source_blob: build });
  for (const _ of [1, 2]) await call("GET", `/apps/${id}/builds/${body.id}`);
  await call("PATCH", `/apps/${id}/formation/web`, { quantity: 2, dyno_size: { name: "standard-1x" } });
  expect((await call("GET", `/apps/${id}/formation/web`)).body).toMatchObject({ quantity: 2, size: "standard-1x" });
  expect((await call("GET", "/web/my-app/readyz")).body).toEqual({ status: "ready", build: "abc", trunkId: "" });
});

test("a domain needs its certificate's endpoint said, and belongs to one app", async () => {
  const id = await newApp();
  const domain = { hostname: "calls.example.com" };
  expect((await call("POST", `/apps/${id}/domains`, domain)).status).toBe(422);
  const { status, body } = await call("POST", `/apps/${id}/domains`, { ...domain, sni_endpoint: null });
  expect(status).toBe(201);
  expect((await call("POST", `/apps/${id}/domains`, { ...domain, sni_endpoint: null })).status).toBe(422);
  expect((await call("GET", `/apps/${id}/domains/calls.example.com`)).body).toEqual(body);
  expect((await call("POST", `/apps/${id}/acm`)).body.acm).toBe(true);
  await call("DELETE", `/apps/${id}/domains/${body.id}`);
  expect((await call("GET", `/apps/${id}/domains/${body.id}`)).status).toBe(404);
});

test("a team's app is known as one; an account's own is not", async () => {
  await newApp();
  await call("POST", "/teams/apps", { name: "of-a-team", region: "eu", team: "my-team" });
  expect((await call("GET", "/apps/of-a-team")).body).toMatchObject({ team: { name: "my-team" } });
  expect((await call("GET", "/teams/apps/of-a-team")).body).toMatchObject({ team: { name: "my-team" }, locked: false });
  expect((await call("GET", "/teams/apps/my-app")).status).toBe(404);
});

test("without the key, or without the version of the API, nothing is told", async () => {
  expect((await call("GET", "/apps/my-app", undefined, { authorization: "Bearer other" })).status).toBe(401);
  expect((await call("GET", "/apps/my-app", undefined, { accept: "*/*" })).status).toBe(404);
});
