import { PassThrough } from "node:stream";
import { TerminalPerson } from "../../../cli/verify/terminal-person.ts";
import { TEST_CALLS } from "../../../cli/verify/test-calls.ts";

/** What somebody at a telephone is told and asked. */

test("is known by its number where that was said", async () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const [call] = TEST_CALLS;
  if (!call) throw new Error("no call");
  for (const [from, known] of [
    ["+4915112345678", { from: "+4915112345678" }],
    [undefined, {}],
  ] as const) {
    const person = new TerminalPerson({ input, output }, from);
    expect(await person.begin(call, FACTS)).toEqual(known);
    person.close();
  }
});

function someone(...typed: string[]) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const person = new TerminalPerson({ input, output });
  let shown = "";
  output.on("data", (chunk: Buffer) => {
    shown += chunk.toString();
    // Types when asked, as people do.
    if (/\[y\/n\/\?\] $/.test(shown)) {
      const line = typed.shift();
      if (line !== undefined) input.write(`${line}\n`);
    }
  });
  return { person, shown: () => shown };
}

const FACTS = { number: "+493012345678", transferTarget: "+4989300777" };
const [talk] = TEST_CALLS;
const [question] = talk?.questions ?? [];

test("is told each thing to do, with the numbers", async () => {
  for (const call of TEST_CALLS) {
    const { person, shown } = someone();
    await person.begin(call, FACTS);
    person.close();
    expect(shown()).toContain(call.title);
    expect(shown()).toContain(FACTS.number);
  }
});

test.each([
  ["y", true],
  ["Yes", true],
  ["n", false],
  ["?", undefined],
  ["", undefined],
])("%j means %s", async (typed, meaning) => {
  const { person } = someone(typed);
  if (!talk || !question) throw new Error("no question");
  expect(await person.answer(talk, question)).toBe(meaning);
  person.close();
});

test("an agent that nobody has stopped is not taken for stopped; one that nobody has started is asked for again", async () => {
  const { person, shown } = someone("?", "n", "y");
  expect(await person.stopAgent()).toBe(false);
  await person.startAgent();
  person.close();
  expect(shown().match(/Is it started\?/g)).toHaveLength(2);
});
