import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Verb } from "../../../../service/middleware/jambonz/verbs.ts";
import { isSentence } from "../../../../service/middleware/speech/sentences.ts";
import { replacedTexts, saidBy, speechProblems } from "../../../../service/middleware/speech/settings.ts";
import { Speech } from "../../../../service/middleware/speech/speech.ts";
import { durationMs } from "../../../../service/middleware/speech/wav.ts";
import {
  CALLER_SID,
  callerInvite,
  ScriptedRooms,
  SECRET,
  type Service,
  send,
  startService,
  testCalls,
  testSpeech,
} from "../support.ts";

const SENTENCE = "You are talking to an automated assistant.";
const REPLACED = "neither a voice nor a file says this text, so the shipped sentence is played";
const speech = () => testSpeech(SENTENCE, {});
const urlOf = (verb: Verb | undefined) => new URL(verb?.verb === "play" ? String(verb.url) : "");
const folder = mkdtempSync(join(tmpdir(), "speech-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let service: Service;
beforeEach(() => {
  service = startService({ calls: testCalls({ speech: speech(), fallback: { kind: "say" } }) });
});
afterEach(() => service.app.close());

const announced = async () => urlOf((await service.verbs("/livekit-api", callerInvite()))[0]);
const status = async (path: string, method: "GET" | "get" = "GET") =>
  (await send(service.app, path, { method })).statusCode;

describe("without a voice", () => {
  test("announcement and apology are files that the media server can have: a HEAD, then a GET, of a path that ends in .wav", async () => {
    const { pathname, search, host } = await announced();
    expect([host, pathname]).toEqual(["localhost", expect.stringMatching(/^\/livekit-api\/speech\/[\w-]+\.wav$/)]);
    expect(search).not.toContain("."); // jambonz would encode it
    const head = await service.app.inject({ method: "HEAD", url: pathname + search });
    const get = await service.app.inject({ method: "GET", url: pathname + search });
    expect([head.statusCode, get.statusCode, get.headers["content-type"]]).toEqual([200, 200, "audio/wav"]);
    expect(get.rawPayload).toEqual(readFileSync("service/middleware/speech/phrases/announcement.en.wav"));
  });

  test.each([
    ["another name", (url: URL) => url.pathname.replace("announcement", "apology") + url.search, 401],
    ["another end", (url: URL) => url.pathname + url.search.replace(/expires=\d/, "expires=9"), 401],
    ["no signature", (url: URL) => url.pathname, 401],
    ["a path", (url: URL) => `/livekit-api/speech/..%2F..%2Fpackage.json${url.search}`, 401],
  ])("an address with %s is refused", async (_what, changed, expected) => {
    expect(await status(changed(await announced()))).toBe(expected);
  });

  test("an address has an end, and is one for many calls before that", async () => {
    const first = await announced();
    expect(await announced()).toEqual(first);
    const later = Number(first.searchParams.get("expires")) * 1_000 + 1;
    expect(later - Date.now()).toBeLessThan(661_000);
    const clock = jest.spyOn(Date, "now").mockReturnValue(later);
    expect(await status(first.pathname + first.search)).toBe(401);
    clock.mockRestore();
  });

  test("a secret that is being replaced still opens what it has signed", () => {
    const said = saidBy({ "*": { language: "en" } }, { announcement: SENTENCE, apology: "Later." });
    const speechWith = (...keys: string[]) => new Speech({ said, country: undefined, keys, callLimitSeconds: 60 });
    const [verb] = speechWith("old").verbs("apology", { hooks: { origin: "http://host", spoken: "" } as never });
    const { pathname, searchParams } = urlOf(verb);
    const [expires, signature] = [searchParams.get("expires") ?? "", searchParams.get("signature") ?? ""];
    const asked = { name: pathname.split("/").at(-1) ?? "", expires, signature };
    expect(speechWith("new", "old").judge(asked)).toBe("valid");
    expect(speechWith("new").judge(asked)).toBe("mismatch");
  });
});

describe("a file that jambonz could not fetch", () => {
  const spoken = (of: string, more: object = {}) =>
    service.verbs(`/livekit-api/spoken?of=${of}`, {
      call_sid: CALLER_SID,
      status: "fail",
      call_status: "in-progress",
      ...more,
    });

  test("the announcement is said, and the call goes on as it would have", async () => {
    const [, ...rest] = await service.verbs("/livekit-api", callerInvite());
    expect(await spoken("announcement")).toEqual([{ verb: "say", text: SENTENCE }, ...rest]);
  });

  test("the apology is a signal that needs no fetch and no voice, then is said", async () => {
    expect(await spoken("apology")).toEqual([
      { verb: "play", url: expect.stringMatching(/^tone_stream:/) },
      { verb: "say", text: expect.any(String) },
      { verb: "hangup" },
    ]);
  });

  test.each([
    ["was played", { status: undefined }, "announcement"],
    ["is of no call that is known", { call_sid: "33333333-0000-4000-8000-000000000003" }, "announcement"],
    ["is none of ours", {}, "constructor"],
  ])("one that %s: the next verb follows", async (_what, more, of) => {
    await service.verbs("/livekit-api", callerInvite());
    expect(await spoken(of, more)).toEqual([]);
  });
});

describe("an apology without an answer", () => {
  class NoRooms extends ScriptedRooms {
    override createError = new Error("LiveKit is away");
  }
  const declined = [{ verb: "sip:decline", status: 480, reason: "Agent unavailable" }, { verb: "hangup" }];

  test("is early media, then a status, where it is declared; nobody is answered for it", async () => {
    await service.app.close();
    service = startService({ calls: testCalls({ speech: speech(), unansweredApology: true }) }, new NoRooms());
    const verbs = await service.verbs("/livekit-api", callerInvite());
    expect(verbs).toEqual([expect.objectContaining({ verb: "play", earlyMedia: true }), ...declined]);
    const failed = { call_sid: CALLER_SID, status: "fail", call_status: "early-media" };
    const instead = await service.verbs("/livekit-api/spoken?of=apology", failed);
    expect(instead.slice(0, 2)).toEqual([
      expect.objectContaining({ verb: "play", earlyMedia: true }),
      expect.objectContaining({ verb: "say", earlyMedia: true }),
    ]);
  });

  test("answered calls are hung up as ever", async () => {
    await service.app.close();
    service = startService({ calls: testCalls({ speech: speech(), unansweredApology: true }) });
    const verbs = await service.verbs("/livekit-api/dial-done", {
      call_sid: CALLER_SID,
      dial_call_status: "failed",
      call_status: "in-progress",
    });
    expect(verbs).toEqual([expect.not.objectContaining({ earlyMedia: true }), { verb: "hangup" }]);
  });
});

describe("what is said", () => {
  const common = { announcement: SENTENCE, apology: "We call you back." };
  const wav = (
    name: string,
    content: Uint8Array = readFileSync("service/middleware/speech/phrases/apology.de.wav"),
  ) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };

  test("the language of the called number, a sentence that is shipped in each", () => {
    const said = saidBy({ "*": { language: "en" }, "+4930": { language: "de-AT" } }, common);
    expect(isSentence("announcement", said.get("+4930")?.announcement.text ?? "")).toBe(true);
    expect(said.get("+4930")?.announcement.text).toMatch(/^Sie sprechen/);
    expect(said.get("+4930")?.apology.text).toMatch(/^Es tut uns leid/); // the common one is English
    expect(replacedTexts(said)).toEqual([`apology for *: ${REPLACED}`]);
  });

  test("a voice says any text, files say what they hold", () => {
    const own = { language: "en", apologyFile: wav("own.wav") };
    const said = saidBy({ "*": own, "+1": { language: "en", vendor: "google" } }, common);
    expect(replacedTexts(said)).toEqual([]);
    expect(durationMs(said.get("*")?.apology.file ?? Buffer.alloc(0))).toBeGreaterThan(3_000);
  });

  test.each([
    ["is not a WAV file", Buffer.from("RIFF....WAVE")],
    ["is not a WAV file", Buffer.from("MP3")],
    ["is not PCM, 16 bit, mono, 8000 Hz", stereo()],
  ])("a file that %s stops the service before it starts", (why, content) => {
    const path = wav("bad.wav", content);
    expect(speechProblems({ "*": { language: "en", apologyFile: path } })).toEqual([`SPEECH: *: ${path} ${why}`]);
  });

  test("/readyz tells of a text that nobody says; calls can be taken all the same", async () => {
    await service.app.close();
    service = startService({ calls: testCalls({ speech: testSpeech("We record calls.", {}) }) });
    const answer = await service.app.inject("/readyz");
    expect([answer.statusCode, answer.json().status, answer.json().checks.speech]).toEqual([
      200,
      "degraded",
      `announcement for *: ${REPLACED}; apology for *: ${REPLACED}`,
    ]);
  });
});

function stereo(): Buffer {
  const file = Buffer.from(readFileSync("service/middleware/speech/phrases/apology.en.wav"));
  file.writeUInt16LE(2, 22);
  return file;
}

test("secrets are in no address", async () => {
  expect((await announced()).href).not.toContain(SECRET);
});
