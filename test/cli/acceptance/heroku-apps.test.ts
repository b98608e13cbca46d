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

describe("a list in pages", () => {
  /** As the Platform API answers: 206 and the range of the next page, 200 with the last one. */
  async function pages(count: number): Promise<HerokuApps> {
    const ranges: string[] = [];
    const paged = createServer(({ headers: { range } }, response) => {
      ranges.push(String(range));
      const isLast = ranges.length >= count;
      const next = { "next-range": `]app-${ranges.length}..; max=1000` };
      response
        .writeHead(isLast ? 200 : 206, isLast ? {} : next)
        .end(JSON.stringify([{ name: `app-${ranges.length}` }]));
    });
    await new Promise<void>((resolve) => paged.listen(0, "127.0.0.1", resolve));
    opened.push(paged);
    return new HerokuApps(KEY, `http://127.0.0.1:${(paged.address() as AddressInfo).port}`);
  }
  const opened: Server[] = [];
  afterEach(() => {
    for (const each of opened.splice(0)) each.close().closeAllConnections();
  });

  test.each([1, 3, 100])("of %d is read to its end", async (count) => {
    const heroku = await pages(count);
    expect(await heroku.names()).toHaveLength(count);
  });

  test("that does not end is an error, never a part of it", async () => {
    const heroku = await pages(Number.POSITIVE_INFINITY);
    await expect(heroku.names()).rejects.toMatchObject({ code: "ANSWER_INVALID" });
  });
});

test("a wrong key and an address where nobody is are told apart, without the key", async () => {
  await expect(new HerokuApps("wrong-key", url).names()).rejects.toMatchObject({
    code: "API_REFUSED",
    message: expect.not.stringContaining("wrong-key"),
  });
  await expect(new HerokuApps(KEY, "http://127.0.0.1:1").names()).rejects.toMatchObject({ code: "API_UNREACHABLE" });
});
