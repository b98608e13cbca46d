import { redactor } from "@trunkline/shared";
import fc from "fast-check";
import { refreshDifferences } from "../../../cli/drift/changes.ts";
import { ticketText } from "../../../cli/ticket/markdown.ts";
import { runs } from "../../hostile/texts.ts";
import { recorded } from "../drift/recorded/index.ts";
import { ticketFacts } from "./facts.ts";

const redact = redactor({ secrets: [], numbers: [] });
const write = (changes: Parameters<typeof ticketFacts>[0] = {}) => ticketText(ticketFacts(changes), redact);

test("has what support asks for first: ids, approach, what was done, what is ruled out", () => {
  const text = write();
  expect(text).toMatch(/^# Support ticket: call `abcdefghij-ABCDEFGHIJ` \(stack dev\)\n/);
  expect(text).toContain("| outbound trunk (CreateSIPParticipant) | `ST_Eisfb23EoCep` |");
  expect(text).toContain("| approach | `API-based` |");
  expect(text).toContain("- Removed trunks and rules of an earlier set-up: `ST_vyh3s3s5XnVw`.");
  expect(text).toContain("- Hand edits: what is live is what is declared, field by field.");
});

test("shows declared beside live; header values and passwords never", () => {
  const { steps } = recorded("drifted.refresh");
  const text = write({ look: { steps, differences: refreshDifferences(recorded("drifted.refresh")) } });
  expect(text).toContain("| address | `127.0.0.1:5099` | **`evil.example.com`** |");
  expect(text).toMatch(/### LiveKit inbound trunk "dial" `ST_\w+`\n\n\*\*It is declared and not there\.\*\*/);
  expect(text).toContain("| authPassword | `[secret]` | the same |");
  expect(text).toContain('{"X-Carrier":"[hidden]","X-Trunkline-Stack":"[hidden]"}');
  expect(text).toContain('- missing: inbound trunk "dial"');
});

test("the call's time line, with the time since its beginning", () => {
  const text = write();
  expect(text).toContain("| LiveKit room | `call-abcdefghij-ABCDEFGHIJ` |");
  expect(text).toContain("| 2026-11-22T14:00:00.850Z | 850 ms | agent.ready |");
  expect(text).toContain("| caller | `+**********678` |");
});

test("the call's ids in each system, and what the carrier offered", () => {
  const text = write();
  for (const id of [
    "SCL_q1w2e3r4t5",
    "3c1d4b2a-caller",
    "3c1d4b2a-agent",
    "7f3e@carrier.example.com",
    "0af7651916cd43dd8448eb211c80319c",
  ])
    expect(text).toContain(id);
  expect(text).toContain("| codecs the carrier offered | `PCMA, telephone-event` |");
});

test("for LiveKit nothing of Jambonz, and the other way round", () => {
  expect(write({ audience: "livekit" })).not.toContain("jambonz.example.com");
  const jambonz = write({ audience: "jambonz" });
  expect(jambonz).toContain("# Support ticket for Jambonz");
  expect(jambonz).not.toContain("### LiveKit");
});

test("what could not be looked at is said", () => {
  expect(write({ look: undefined, missing: ["declared against live: API_UNREACHABLE: no answer"] })).toContain(
    "## Could not be looked at\n\n- declared against live: API_UNREACHABLE: no answer",
  );
});

/** Every text in the facts with something put into it, at its beginning, middle or end. */
function infected<T>(value: T, canary: string, where: number): T {
  if (typeof value === "string") {
    const at = where % (value.length + 1);
    return (value.slice(0, at) + canary + value.slice(at)) as T;
  }
  if (value instanceof Date || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => infected(item, canary, where)) as T;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, infected(item, canary, where)])) as T;
}

describe("wherever in the facts it is, in no ticket is", () => {
  const drifted = {
    steps: recorded("drifted.refresh").steps,
    differences: refreshDifferences(recorded("drifted.refresh")),
  };
  const log = { lines: [{ at: 1, text: '{"msg":"x"}' }], ids: { callSid: "x" } };
  const facts = ticketFacts({ look: drifted, log, missing: ["x"] });

  test("a known secret", () => {
    // Also with characters that Markdown or JSON write in another way.
    const secrets = fc
      .string({ minLength: 12, maxLength: 30 })
      .filter((text) => /[A-Za-z]{2}/.test(text) && text.trim() === text);
    fc.assert(
      fc.property(secrets, fc.nat(50), (secret, where) => {
        const text = ticketText(infected(facts, secret, where), redactor({ secrets: [secret], numbers: [] }));
        expect(text).not.toContain(secret);
        expect(text).not.toContain(secret.replaceAll("|", "\\|"));
        expect(text).not.toContain(secret.replaceAll("`", "'"));
      }),
      runs(100),
    );
  });

  test("a whole phone number", () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[1-9]\d{7,11}$/),
        fc.nat(50),
        fc.constantFrom("+", "00", "0", ""),
        (digits, where, prefix) => {
          const text = ticketText(
            infected(facts, `${prefix}${digits}`, where),
            redactor({ secrets: [], numbers: [digits] }),
          );
          expect(text.replaceAll(/[\s()/-]/g, "")).not.toContain(digits.slice(-7));
        },
      ),
      runs(100),
    );
  });
});
