import type { ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";

/** Answers that no API gives: of a proxy, a login page, another server, a broken one. */
export type Hostile = (response: ServerResponse) => void;

const json = (body: unknown, status = 200): Hostile => {
  const text = JSON.stringify(body);
  return (response) => void response.writeHead(status, { "content-type": "application/json" }).end(text);
};
const raw = (text: string, type = "text/html", status = 200): Hostile => {
  return (response) => void response.writeHead(status, { "content-type": type }).end(text);
};

/** JSON of a shape that none of our requests is answered with. */
export const SHAPES: Readonly<Record<string, Hostile>> = {
  "{}": json({}),
  null: json(null),
  "a text": json("ok"),
  "a number": json(5),
  true: json(true),
  "[null]": json([null]),
  "[{}]": json([{}]),
  "lists that are null": json({ items: null, rooms: null, participants: null, agent_dispatches: null, calls: null }),
  "lists that are objects": json({ items: {}, rooms: {}, participants: {}, agent_dispatches: {}, calls: {} }),
  "lists of null": json({
    items: [null],
    rooms: [null],
    participants: [null],
    agent_dispatches: [null],
    calls: [null],
  }),
  "lists of {}": json({ items: [{}], rooms: [{}], participants: [{}], agent_dispatches: [{}], calls: [{}] }),
  "lists of lists": json({ items: [[]], rooms: [[]], participants: [[]], agent_dispatches: [[]], calls: [[]] }),
  "lists of texts": json({
    items: ["ST_1"],
    rooms: ["call-1"],
    participants: ["a"],
    agent_dispatches: ["a"],
    calls: ["a"],
  }),
  "ids of another type": json({
    items: [{ sip_trunk_id: 5, sip_dispatch_rule_id: 5 }],
    rooms: [{ name: 5 }],
    participants: [{ identity: 5 }],
    agent_dispatches: [{ id: 5 }],
    calls: [{ id: 5 }],
    sip_trunk_id: 5,
    sip_dispatch_rule_id: 5,
    sid: 5,
    name: 5,
    id: 5,
  }),
  "fields of another type": json({
    items: [{ sip_trunk_id: "ST_1", sip_dispatch_rule_id: "SDR_1", numbers: 5, trunk_ids: 5 }],
    rooms: [{ name: "call-1", creation_time: {} }],
    participants: [{ identity: "a", attributes: 5 }],
    agent_dispatches: [{ id: "AD_1", state: 5 }],
  }),
  "a page of the wrong list": json({ total: 0, page: 7, page_size: 50, data: [] }),
  "an error with status 200": json({ error: { code: "internal", message: "no" }, msg: "no" }),
  "names of the prototype": raw('{"__proto__":{"items":[]},"constructor":{"items":[]}}', "application/json"),
  "a list 10 000 deep": raw(`${"[".repeat(10_000)}${"]".repeat(10_000)}`, "application/json"),
};

/** Bodies that are no JSON, or no whole ones. */
export const BODIES: Readonly<Record<string, Hostile>> = {
  "an HTML page": raw("<!doctype html><title>Sign in</title>"),
  "an HTML page that calls itself JSON": raw("<html>", "application/json"),
  "an empty body": raw("", "application/json"),
  "half a list": raw('{"items":[{"sip_trunk_id":"ST_1"', "application/json"),
  bytes: (response) => void response.writeHead(200).end(Buffer.from([0, 255, 254, 0, 1])),
  "a redirect": (response) => void response.writeHead(302, { location: "http://127.0.0.1:9/" }).end(),
};

/** 404 that says nothing about the thing that was asked for. */
export const NOT_FOUND_PAGE: Hostile = raw("<html><h1>404 Not Found</h1><hr>nginx</html>", "text/html", 404);

/** 32 MiB that come as 32 kB. */
export function packed(): Hostile {
  const body = gzipSync(`[${" ".repeat(33_554_432)}]`);
  return (response) =>
    void response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" }).end(body);
}

/** Goes on until the reader hangs up; `sent` is told how much that was. */
export function endless(sent: (bytes: number) => void): Hostile {
  const chunk = Buffer.alloc(65_536, " ");
  return (response) => {
    let bytes = 0;
    const more = () => {
      while (!response.destroyed && response.write(chunk)) bytes += chunk.length;
      bytes += chunk.length;
    };
    response.writeHead(200, { "content-type": "application/json" });
    response
      .on("drain", more)
      .on("close", () => sent(bytes))
      .on("error", () => undefined);
    more();
  };
}
