import { voiceProblems } from "@trunkline/providers";
import { z } from "zod";
import { requireVoices } from "../../../infra/jambonz-voices.ts";
import { jambonzSchema } from "../../../infra/settings-jambonz.ts";
import { speechSettings } from "../../../infra/settings-speech.ts";
import { emptyAccount } from "../../../sandbox/jambonz/account.ts";
import { addVoice } from "../../../sandbox/jambonz/account-rows.ts";
import { startStandIn } from "../../sandbox/jambonz/rest/api.ts";

/** Jambonz skips a `say` without a voice in silence (jambonz-live, section 4): the preview says so. */

let account = emptyAccount();
let api: Awaited<ReturnType<typeof startStandIn>>;
beforeEach(async () => {
  account = emptyAccount();
  api = await startStandIn({ account });
  process.env.JAMBONZ_API_KEY = api.key;
});
afterEach(() => api.stop());

const problems = (vendor: string, label = "") => voiceProblems(api.url, "", [{ vendor, label }]);

test("a voice whose vendor and label the account has can speak; its provider's are the account's, too", async () => {
  addVoice(account, "microsoft", "de");
  addVoice(account, "elevenlabs");
  for (const row of account.speech_credentials) row.account_sid = row.vendor === "elevenlabs" ? null : row.account_sid;
  expect(await problems("microsoft", "de")).toEqual([]);
  expect(await problems("elevenlabs")).toEqual([]);
});

test("one without a credential is named, with those that are there, and without their keys", async () => {
  expect(await problems("microsoft")).toEqual([expect.stringContaining("there are none")]);
  addVoice(account, "microsoft", "de");
  Object.assign(account.speech_credentials[0] ?? {}, { credential: { api_key: "canary-of-the-voice" } });
  const told = [
    ...(await problems("microsoft")),
    ...(await problems("microsoft", "en")),
    ...(await problems("aws", "de")),
  ];
  expect(told).toEqual([
    'the voice "microsoft" without a label is not among the account\'s speech credentials ("microsoft/de")',
    'the voice "microsoft" labeled "en" is not among the account\'s speech credentials ("microsoft/de")',
    'the voice "aws" labeled "de" is not among the account\'s speech credentials ("microsoft/de")',
  ]);
});

test("one that is for recognition only, and Google's before its test, cannot speak", async () => {
  addVoice(account, "microsoft");
  addVoice(account, "google");
  const [microsoft, google] = account.speech_credentials;
  Object.assign(microsoft ?? {}, { use_for_tts: 0 });
  Object.assign(google ?? {}, { tts_tested_ok: null });
  expect(await problems("microsoft")).toEqual([expect.stringContaining("not enabled for text to speech")]);
  expect(await problems("google")).toEqual([expect.stringContaining("has not passed its test")]);
  await api.send("GET", `/SpeechCredentials/${google?.speech_credential_sid}/test`);
  expect(await problems("google")).toEqual([]);
});

const settings = (speech: object, calls: object = {}) => ({
  ...z.object(speechSettings).parse({ speech }),
  jambonz: jambonzSchema.parse({
    url: api.url,
    middlewareUrl: "https://middleware.example.com",
    livekitSipHost: "prod.sip.livekit.cloud",
    phoneCarrier: { trunkType: "static_ip", inboundAddresses: ["192.0.2.7"] },
    applications: { calls },
  }),
});

test("a stack is refused whose voices are not there: usual, by number, spare, and the application's", async () => {
  const speech = {
    vendor: "microsoft",
    label: "de",
    fallbackVendor: "aws",
    numbers: { "+4930123456": { vendor: "elevenlabs" }, "+4930123457": { vendor: "default" } },
  };
  const calls = { synthesis: { vendor: "deepgram" }, fallbackSynthesis: { vendor: "ibm" }, useFallbackSpeech: true };
  const told = await requireVoices(settings(speech, calls)).catch((error: Error) => error.message);
  expect(told).toMatch(/^VOICE_MISSING: /);
  for (const vendor of ["microsoft", "aws", "elevenlabs", "deepgram", "ibm"]) expect(told).toContain(`"${vendor}"`);
  expect(told).not.toContain('"default"');
});

test("a stack that names no voice asks for nothing, and one whose voices are there is fine", async () => {
  await requireVoices({ ...settings({}), jambonz: { ...settings({}).jambonz, url: "http://127.0.0.1:1" } });
  addVoice(account, "microsoft", "de");
  await requireVoices(settings({ vendor: "microsoft", label: "de" }));
});
