import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { HerokuApps } from "../../../cli/acceptance/heroku-apps.ts";

/** Against an address that answers as the Platform API does (GET /apps, DELETE /apps/NAME). */

const KEY = "HRKU-key";
let apps: string[];
let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const isKnown = request.headers.authorization === `Bearer ${KEY}`;
    const isVersion3 = request.headers.accept === "application/vnd.heroku+json; version=3";
    if (!isKnown || !isVersion3) return response.writeHead(isKnown ? 404 : 401).end();
    if (request.method === "DELETE") apps = apps.filter((name) => request.url !== `/apps/${name}`);
    const deleted = { name: request.url?.split("/").at(-1) };
    const body = request.method === "DELETE" ? deleted : apps.map((name) => ({ name, id: name }));
    return response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  apps = ["acceptance-agent", "theirs"];
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test("lists the apps of the key and deletes one of them", async () => {
  const heroku = new HerokuApps(KEY, url);
  expect(await heroku.names()).toEqual(["acceptance-agent", "theirs"]);
  await heroku.delete("acceptance-agent");
  expect(apps).toEqual(["theirs"]);
});

test("a wrong key and an address where nobody is are told apart, without the key", async () => {
  await expect(new HerokuApps("wrong-key", url).names()).rejects.toMatchObject({
    code: "API_REFUSED",
    message: expect.not.stringContaining("wrong-key"),
  });
  await expect(new HerokuApps(KEY, "http://127.0.0.1:1").names()).rejects.toMatchObject({ code: "API_UNREACHABLE" });
});
