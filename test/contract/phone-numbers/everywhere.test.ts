import fc from "fast-check";
import examples from "libphonenumber-js/examples.mobile.json";
import { getCountries, getExampleNumber, type PhoneNumber } from "libphonenumber-js/max";
import { z } from "zod";
import { comparableIn } from "../../../cli/livekit/comparable.ts";
import { comparableNumber, readNumber, refusalOf } from "../../../contract/index.ts";
import { doubledNumbers, internationalNumbers } from "../../../infra/settings-numbers.ts";
import { among } from "../../../providers/livekit/routing/index.ts";
import { personFor, voiceSettings } from "../../../service/agent/conversations/voice-settings.ts";
import { transfer } from "../../../service/agent/telephony/transfer.ts";
import { flowFor } from "../../../service/middleware/flows/choose.ts";
import { callProblems, callSettings, callVariables } from "../../../service/middleware/flows/settings.ts";
import { calledOf } from "../../../service/middleware/jambonz/payloads.ts";
import { runs } from "../../hostile/texts.ts";

/**
 * Each place in which the product compares a number with one that somebody has declared. A number that is declared in one spelling and comes in
 * another is the same there.
 */
interface Place {
  /** Whether a number that comes so is the one that is declared so. */
  isSame(declared: string, comes: string, country: string): boolean | Promise<boolean>;
  /** Nothing is declared there that is never dialled. */
  dials?: boolean;
}

const settings = (environment: Record<string, string>, country: string) =>
  z.object({ ...callVariables, TRUNKLINE_COUNTRY: z.string() }).parse({ ...environment, TRUNKLINE_COUNTRY: country });
const DEPLOYED = { stack: "test", callLimitSeconds: 3_600, keys: ["key"] };
const person = { instructions: "", greeting: "declared", voice: "", language: "" };

const PLACES: Record<string, Place> = {
  "CALL_FLOWS of the middleware": {
    isSame: (declared, comes, country) => {
      const calls = callSettings(settings({ CALL_FLOWS: JSON.stringify({ [declared]: "dial" }) }, country), DEPLOYED);
      return flowFor(comes, { callFlow: "callback", calls }) === "dial";
    },
  },
  "CALLED_NUMBERS of the middleware": {
    isSame: (declared, comes, country) =>
      callSettings(settings({ CALLED_NUMBERS: JSON.stringify([declared]) }, country), DEPLOYED).isServed(comes),
  },
  "CALLED_NUMBERS, of an INVITE with parameters": {
    isSame: (declared, comes, country) =>
      callSettings(settings({ CALLED_NUMBERS: JSON.stringify([declared]) }, country), DEPLOYED).isServed(
        calledOf({ to: `sip:${encodeURIComponent(comes)};npdi@198.51.100.1;user=phone` } as never),
      ),
  },
  "ALLOWED_TARGETS, of a transfer": {
    isSame: (declared, comes, country) => refusalOf(comes, [declared], country) === undefined,
    dials: true,
  },
  "ALLOWED_TARGETS, of the fallback": {
    isSame: (declared, comes, country) => {
      const found = settings({ ALLOWED_TARGETS: declared, FALLBACK: `dial:${comes}` }, country);
      return !callProblems(found, "test").some((problem) => problem.startsWith("FALLBACK"));
    },
    dials: true,
  },
  "TRANSFER_TARGETS of the agent": {
    isSame: async (declared, comes, country) => {
      const targets = [readNumber(declared, country)?.e164 ?? ""];
      const parts = { call: { callId: "id", called: "" } as never, identity: "", targets, act: async () => undefined };
      const target = readNumber(comes, country)?.e164 ?? comes;
      return transfer(target, parts).then(
        () => true,
        () => false,
      );
    },
    dials: true,
  },
  "AGENT_PERSONS: greetings": {
    isSame: (declared, comes, country) => {
      const given = { AGENT_PERSON: {}, AGENT_PERSONS: { [declared]: person }, TRUNKLINE_COUNTRY: country };
      return personFor(comes, voiceSettings(given)).greeting === "declared";
    },
  },
  "the stack file's lists and keys": {
    isSame: (declared, comes, country) => {
      const [one, other] = [declared, comes].map((number) =>
        JSON.stringify(internationalNumbers({ country, allowedTargets: [number], callFlows: { [number]: "dial" } })),
      );
      return one === other;
    },
  },
  "the stack file's keys that stand twice": {
    isSame: (declared, comes, country) =>
      declared === comes ||
      doubledNumbers({ country, callFlows: { [declared]: "dial", [comes]: "dial" } }).length === 1,
  },
  "findings of doctor": {
    isSame: (declared, comes, country) =>
      among([comes], [declared], (text) => comparableNumber(text, country)).length === 1,
  },
  "findings of doctor in a project whose numbers say the country": {
    isSame: (declared, comes, country) => {
      const e164 = readNumber(declared, country)?.e164 ?? "";
      return among([comes], [declared], comparableIn([e164])).length === 1;
    },
  },
};

/** Of which the metadata knows the country, so that a project's own numbers say it. */
const NUMBERS = getCountries()
  .flatMap((country) => getExampleNumber(country, examples) ?? [])
  .filter(({ number, country }) => readNumber(number)?.country === country);

/** Italy and Ascension have numbers with a 0 in front beside those without: there `(0)` belongs to the number. */
const takesZero = ({ country }: PhoneNumber) => !["IT", "VA", "AC"].includes(country ?? "");

function spellingsOf(number: PhoneNumber): string[] {
  const { countryCallingCode: code, nationalNumber } = number;
  return [
    number.number,
    number.number.slice(1),
    `00${number.number.slice(1)}`,
    number.formatInternational(),
    number.formatInternational().replaceAll(" ", "-"),
    number.formatNational(),
    ...(takesZero(number) ? [`+${code} (0)${nationalNumber}`, `00${code} (0) ${nationalNumber}`] : []),
  ];
}

const twoSpellings = fc.constantFrom(...NUMBERS).chain((number) => {
  const spelling = fc.constantFrom(...spellingsOf(number));
  return fc.tuple(fc.constant(number), spelling, spelling);
});

describe.each(Object.entries(PLACES))("%s", (_, { isSame, dials }) => {
  test("two spellings of one number are one", async () => {
    await fc.assert(
      fc.asyncProperty(twoSpellings, async ([number, declared, comes]) => {
        const country = number.country ?? "";
        // Numbers that are never dialled are the same in being refused.
        if (dials && refusalOf(number.number, [number.number], country) !== undefined)
          return expect(refusalOf(comes, [declared], country)).toBeDefined();
        expect([declared, comes, await isSame(declared, comes, country)]).toEqual([declared, comes, true]);
      }),
      runs(1_000),
    );
  });

  test("another number is another", async () => {
    await fc.assert(
      fc.asyncProperty(twoSpellings, fc.constantFrom(...NUMBERS), async ([number, declared], other) => {
        fc.pre(other.number !== number.number);
        expect(await isSame(declared, other.number, number.country ?? "")).toBe(false);
      }),
      runs(300),
    );
  });
});
