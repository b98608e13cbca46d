import fc from "fast-check";
import { getCountries } from "libphonenumber-js/max";
import { refusalOf } from "../../../contract/index.ts";
import { callProblems } from "../../../infra/settings-calls.ts";
import { readConfig } from "../../../service/agent/config.ts";
import { transfer } from "../../../service/agent/telephony/transfer.ts";
import { loadConfig } from "../../../service/middleware/config.ts";
import { runs } from "../../hostile/texts.ts";
import { CALLER_SID, startService, testCalls } from "../../service/middleware/support.ts";
import { numbersOf, SPELLINGS } from "./numbering-plans.ts";

/** Numbers of each kind, of all countries, by libphonenumber's metadata, through every place that has a number dialled. */

const COSTLY = ["PREMIUM_RATE", "SHARED_COST", "PERSONAL_NUMBER"];
const OF_UNKNOWN_COST = ["UAN", "PAGER", "VOICEMAIL"];

const refusedBy = (work: () => unknown): string => {
  try {
    work();
    return "";
  } catch (error) {
    return (error as Error).message;
  }
};
const LIVEKIT = { LIVEKIT_URL: "wss://a.example.com", LIVEKIT_API_KEY: "k", LIVEKIT_API_SECRET: "s" };
const MIDDLEWARE = { ...LIVEKIT, LIVEKIT_OUTBOUND_TRUNK_ID: "ST_1" };

/** Each has the number declared: it is refused all the same. */
const PLACES: Readonly<Record<string, (number: string) => boolean>> = {
  "the rule": (number) => refusalOf(number, [number]) !== undefined,
  "the stack's allowedTargets": (number) => callProblems({ fallback: "busy", allowedTargets: [number] }).length > 0,
  "the stack's fallback": (number) => callProblems({ fallback: `dial:${number}`, allowedTargets: [number] }).length > 0,
  "the middleware's ALLOWED_TARGETS": (number) =>
    refusedBy(() => loadConfig({ ...MIDDLEWARE, ALLOWED_TARGETS: number })).includes("ALLOWED_TARGETS: entry 1"),
  "the middleware's FALLBACK": (number) =>
    /FALLBACK/.test(
      refusedBy(() => loadConfig({ ...MIDDLEWARE, FALLBACK: `dial:${number}`, ALLOWED_TARGETS: number })),
    ),
  "the agent's TRANSFER_TARGETS": (number) =>
    refusedBy(() => readConfig({ ...LIVEKIT, TRANSFER_TARGETS: number })).includes("TRANSFER_TARGETS entry 1"),
};

test.each(Object.entries(PLACES))("%s refuses every costly number, in whatever spelling", (_place, isRefused) => {
  fc.assert(
    fc.property(numbersOf(COSTLY), fc.constantFrom(...SPELLINGS), (number, spell) => {
      const spelling = spell(number);
      expect({ spelling, isRefused: isRefused(spelling) }).toEqual({ spelling, isRefused: true });
    }),
    runs(200),
  );
});

test("a transfer to a costly number is refused by the middleware though it is declared, and by the agent's tool", async () => {
  await fc.assert(
    fc.asyncProperty(numbersOf(COSTLY), fc.constantFrom(...SPELLINGS), async (number, spell) => {
      const spelling = spell(number);
      const service = startService({ calls: testCalls({ allowedTargets: [spelling] }) });
      const refer = { call_sid: CALLER_SID, refer_details: { refer_to_user: spelling } };
      const { statusCode, body } = await service.hook("/livekit-api/refer", refer);
      await service.app.close();
      expect({ spelling, statusCode, body }).toMatchObject({
        statusCode: 403,
        body: /TARGET_REFUSED/.exec(body) && body,
      });
      const act = () => Promise.reject(new Error("was carried out"));
      const parts = { call: {} as never, identity: "sip_1", targets: ["+493012345678"], act };
      await expect(transfer(spelling, parts)).rejects.toMatchObject({ code: "TRANSFER_NOT_DECLARED" });
    }),
    runs(100),
  );
});

test("numbers whose cost the plan does not tell are dialled only where they are listed themselves", () => {
  fc.assert(
    fc.property(numbersOf(OF_UNKNOWN_COST), fc.constantFrom(...SPELLINGS), (number, spell) => {
      expect(refusalOf(spell(number), ["+493012345678"])).toBeDefined();
    }),
    runs(200),
  );
});

test("no code of up to three digits is dialled in any country, nor up to five without one", () => {
  const country = fc.constantFrom(...getCountries());
  fc.assert(
    fc.property(
      country,
      fc.stringMatching(/^\d{1,3}$/),
      fc.stringMatching(/^(\+|00)?\d{1,5}$/),
      (home, code, longer) => {
        expect({ home, code, why: refusalOf(code, [code], home) }).toMatchObject({ why: expect.any(String) });
        expect({ longer, why: refusalOf(longer, [longer]) }).toMatchObject({ why: expect.any(String) });
      },
    ),
    runs(2_000),
  );
});

test("no number of a satellite network or an international premium service is dialled", () => {
  const code = fc.constantFrom("870", "878", "881", "882", "883", "888", "979", "808", "991");
  fc.assert(
    fc.property(
      code,
      fc.stringMatching(/^\d{5,12}$/),
      fc.constantFrom(...SPELLINGS),
      (callingCode, national, spell) => {
        const spelling = spell({ country: "DE", callingCode, national, nationalPrefix: "0" });
        expect({ spelling, why: refusalOf(spelling, [spelling]) }).toMatchObject({ why: expect.any(String) });
      },
    ),
    runs(200),
  );
});
