import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { wav } from "../../../../sandbox/callers/wav.ts";
import { spokenTone } from "../../../../sandbox/calls/spoken-tone.ts";
import { addVoice } from "../../../../sandbox/jambonz/account-rows.ts";
import { Bench } from "../bench.ts";

/** What real servers do with speech and files: docs/JAMBONZ_LIVE.md, sections 4 and 11. */

const said = (synthesizer?: object) => [
  { verb: "say", text: "x", ...(synthesizer && { synthesizer }) },
  { verb: "hangup" },
];

async function plays(bench: Bench, verbs: object[]): Promise<number> {
  await bench.call("in-1", verbs).done;
  return bench.edge.sent("play").length;
}

describe("say", () => {
  test("without a credential of its vendor it is skipped in silence: answered, not a word, the next verb", async () => {
    const bench = new Bench();
    bench.account.speech_credentials = [];
    expect(await plays(bench, said())).toBe(0);
    expect(bench.edge.log.map(({ command }) => command.command)).toEqual(["answer", "hangup"]);
    expect(bench.requests.map(({ kind }) => kind).filter((kind) => kind !== "status")).toEqual([]);
  });

  test.each([
    ["another label", { vendor: "google", label: "other" }, 0],
    ["a vendor without a credential", { vendor: "aws" }, 0],
    ["such a vendor, and a fallback", { vendor: "aws", fallbackVendor: "google" }, 1],
    ["the application's own", { vendor: "default" }, 1],
  ])("%s", async (_voice, synthesizer, expected) => {
    expect(await plays(new Bench(), said(synthesizer))).toBe(expected);
  });

  test("google's needs its test, others do not; one for recognition only does not speak", async () => {
    const bench = new Bench();
    bench.account.speech_credentials = [];
    addVoice(bench.account, "google");
    addVoice(bench.account, "aws");
    addVoice(bench.account, "microsoft");
    const [google, aws, microsoft] = bench.account.speech_credentials;
    if (!google || !aws || !microsoft) throw new Error("no rows");
    [google.tts_tested_ok, aws.tts_tested_ok, microsoft.use_for_tts] = [0, 0, 0];
    expect(await plays(bench, said({ vendor: "google" }))).toBe(0);
    expect(await plays(bench, said({ vendor: "microsoft" }))).toBe(0);
    expect(await plays(bench, said({ vendor: "aws" }))).toBe(1);
  });
});

describe("play of an address", () => {
  let server: Server;
  let asked: string[] = [];
  let status = (_method: string) => 200;
  let url = "";

  beforeEach(async () => {
    asked = [];
    status = () => 200;
    server = createServer((request, response) => {
      asked.push(request.method ?? "");
      response.writeHead(status(request.method ?? ""), { "content-type": "audio/wav" });
      response.end(request.method === "HEAD" ? undefined : wav(spokenTone().subarray(0, 803)));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.wav?token=1`;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const played = (bench: Bench, address = url) =>
    plays(bench, [{ verb: "play", url: address, actionHook: "/played" }, { verb: "hangup" }]);
  const results = (bench: Bench) =>
    bench.requests.filter(({ url: to }) => to === "/played").map(({ payload }) => payload);

  test("HEAD, then GET; the file is heard, and kept by its whole address", async () => {
    const bench = new Bench();
    expect(await played(bench)).toBe(1);
    expect(bench.edge.sent("play")[0]?.segments).toEqual([expect.objectContaining({ kind: "samples", ms: 101 })]);
    expect(results(bench)).toEqual([expect.objectContaining({ reason: "playCompleted" })]);
    await played(new Bench());
    expect(asked).toEqual(["HEAD", "GET"]);
    await played(new Bench(), `${url}&other`);
    expect(asked).toHaveLength(4);
  });

  test.each([
    ["is not there", () => 404],
    ["does not take HEAD", (method: string) => (method === "HEAD" ? 405 : 200)],
  ])("one that %s is told to the action hook, and the next verb follows", async (_why, answer) => {
    status = answer;
    const bench = new Bench();
    expect(await played(bench)).toBe(0);
    expect(results(bench)).toEqual([expect.objectContaining({ status: "fail", reason: "playFailed" })]);
    expect(bench.edge.sent("hangup")).toHaveLength(1);
  });

  test("the action hook's verbs take the place of the rest", async () => {
    status = () => 404;
    const bench = new Bench();
    bench.answers["/played"] = () => [
      { verb: "say", text: "x" },
      { verb: "sip:decline", status: 480 },
      { verb: "hangup" },
    ];
    expect(await played(bench)).toBe(1);
  });

  test("a path without .wav at its end is not found, whatever is there", async () => {
    expect(await played(new Bench(), url.replace("a.wav", "a"))).toBe(0);
    expect(asked).toEqual([]);
  });
});
