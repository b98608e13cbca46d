import fc from "fast-check";
import { readForms } from "../../../../cli/livekit/forms/read-forms.ts";
import { routesOf } from "../../../../cli/livekit/routes.ts";
import { routeCall } from "../../../../providers/livekit/routing/index.ts";
import { apiRule, apiTrunk } from "../../../oracle/api-objects.ts";
import { scenario } from "../../../providers/livekit/routing/scenarios.ts";

/** Any project, in any form, is answered as the same project: what is compared with LiveKit's own code is what people's files become. */

const snake = (key: string) => key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const pascal = (key: string) => key.slice(0, 1).toUpperCase() + key.slice(1);
const goIds = (key: string) =>
  pascal(key)
    .replace(/Id(s?)$/, "ID$1")
    .replace(/^Sip/, "SIP");
const NAMES = { camel: (key: string) => key, snake, pascal, goIds };

/** How a rule's kind is written. */
const KINDS: Record<string, (rule: object) => object> = {
  member: (rule) => rule,
  go: (rule) => ({ rule }),
  "case and value": (rule) => {
    const [[name, value] = ["", {}]] = Object.entries(rule);
    return { case: name, value };
  },
};

type Objects = { trunks: object[]; rules: object[] };
/** What is in which file. */
const FILES: Record<string, (objects: Objects) => unknown[]> = {
  export: ({ trunks, rules }) => [{ inboundTrunks: trunks, dispatchRules: rules }],
  "lists of lk": ({ trunks, rules }) => [{ items: trunks }, { items: rules }],
  "one list": ({ trunks, rules }) => [[...trunks, ...rules]],
  "a file for each": ({ trunks, rules }) => [...trunks, ...rules],
  requests: ({ trunks, rules }) => [
    ...trunks.map((trunk) => ({ trunk })),
    ...rules.map((dispatch_rule) => ({ dispatch_rule })),
  ],
  envelope: ({ trunks, rules }) => [{ status: 200, data: { sip: { inbound_trunks: trunks, rules } } }],
};

/** How a file is saved. */
const ENCODINGS: Record<string, (text: string) => Uint8Array> = {
  "UTF-8": (text) => Buffer.from(text),
  "UTF-8 with a mark": (text) => Buffer.from(`\ufeff${text}\r\n`),
  "UTF-16 LE": (text) => Buffer.from(`\ufeff${text}`, "utf16le"),
  "UTF-16 BE": (text) => Buffer.from(`\ufeff${text}`, "utf16le").swap16(),
};

function renamed(value: unknown, rename: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map((one) => renamed(one, rename));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [rename(key), renamed(one, rename)]));
}

const one = <Value>(of: Record<string, Value>) => fc.constantFrom(...Object.values(of));

test("a project in any form is the same project", () => {
  const form = fc.record({ name: one(NAMES), kind: one(KINDS), files: one(FILES), encoding: one(ENCODINGS) });
  fc.assert(
    fc.property(scenario, form, ({ trunks, rules, call }, { name, kind, files, encoding }) => {
      // A rule without a kind is one whose kind the file has lost.
      fc.pre(rules.every(({ room }) => room.type !== "unknown"));
      const ruleOf = (rule: object) => {
        const all = renamed(rule, name) as Record<string, object>;
        return { ...all, [name("rule")]: kind(all[name("rule")] ?? {}) };
      };
      const written = files({
        trunks: trunks.map((trunk) => renamed(apiTrunk(trunk), name) as object),
        rules: rules.map((rule) => ruleOf(apiRule(rule))),
      });
      const project = readForms(
        written.map((value, index) => ({ name: `${index}.json`, bytes: encoding(JSON.stringify(value)) })),
      );
      expect(project.unknown).toEqual([]);
      const routes = routesOf(project);
      const { explanation: _, ...expected } = routeCall(trunks, rules, call);
      expect(JSON.parse(JSON.stringify(routeCall(routes.trunks, routes.rules, call)))).toMatchObject(
        JSON.parse(JSON.stringify(kindOf(expected))),
      );
    }),
    { numRuns: 2_000 },
  );
});

/** What decides, without the objects themselves: those that were read have more fields. */
function kindOf(answer: object): object {
  const { kind, sip, because, candidates, noTrunk, room } = answer as Record<string, unknown>;
  return {
    kind,
    sip,
    ...(because ? { because, candidates } : {}),
    ...(noTrunk === undefined ? {} : { noTrunk }),
    ...(room ? { room } : {}),
  };
}
