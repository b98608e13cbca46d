import { own } from "@trunkline/contract";
import { adoptionChanges, stickyAdopt } from "../dynamic/adopting.ts";
import { TrunklineError } from "../dynamic/errors.ts";
import { type Mark, sameMark } from "../dynamic/marks.ts";
import type { Plain } from "../dynamic/plain.ts";
import { containsUnknown } from "../dynamic/unknown.ts";
import { adoptedId, type Kind } from "./ownership.ts";

interface Adoptable {
  host: string;
  owner: Mark;
  name: string;
  adopt: string;
  adopting?: Record<string, string> | undefined;
}

/** What says nothing of the live object, or has to be said. */
const ALWAYS = [
  "host",
  "movedFrom",
  "owner",
  "name",
  "adopt",
  "onDestroy",
  "legacyIds",
  "numbersWrittenAs",
  "adopting",
];
/** Inputs whose parts are said one by one. */
const GROUPS = ["roomConfig"];

/**
 * Of an adopted object, what the program does not say is left as it was found: no default takes its place, and it is in no input.
 * @param news the inputs as the program gives them, without defaults
 * @param together inputs of which all are said when one is
 */
export function leaveUnsaid<I extends Adoptable>(inputs: I, olds: Plain, news: Plain, together: string[] = []): I {
  const settled = stickyAdopt(inputs, olds);
  if (settled.adopt === "") return settled;
  const isSaid = (name: string) => own(news, name) !== undefined && own(news, name) !== null;
  const said = Object.entries(settled).filter(
    ([name]) => ALWAYS.includes(name) || isSaid(name) || (together.includes(name) && together.some(isSaid)),
  );
  return Object.fromEntries(
    said.map(([name, value]) => [name, GROUPS.includes(name) ? part(value, own(news, name)) : value]),
  ) as I;
}

/** The inputs that a live object shows, of those that are said. */
export function onlySaid<I extends object>(described: I, context: I): I {
  const said = Object.entries(described).filter(([name]) => own(context as Plain, name) !== undefined);
  return Object.fromEntries(
    said.map(([name, value]) => [name, GROUPS.includes(name) ? part(value, own(context as Plain, name)) : value]),
  ) as I;
}

/**
 * All inputs of an object: what is said over what is live.
 * @throws INVALID_INPUT where a password has to be written that LiveKit does not show
 */
export function overLive<I extends Adoptable>(live: I, inputs: I): I {
  const said = Object.entries(inputs).filter(([, value]) => value !== undefined);
  const whole = { ...live, ...Object.fromEntries(said) } as I & Plain;
  const groups = GROUPS.filter((name) => Object.hasOwn(whole, name)).map((name) => [
    name,
    { ...(own(live as unknown as Plain, name) as object), ...(own(inputs as unknown as Plain, name) as object) },
  ]);
  Object.assign(whole, Object.fromEntries(groups));
  const { authUsername, authPassword } = whole;
  if (authUsername && !authPassword)
    throw new TrunklineError(
      "INVALID_INPUT",
      `"${inputs.name}" has the user name "${String(authUsername)}" and a password that LiveKit does not show, and every update writes both. Say authPassword.`,
    );
  return whole;
}

/** The list, empty where it cannot be read: a preview without access shows less. */
export async function orNone<Live>({ host, adopt, owner }: Adoptable, list: () => Promise<Live[]>): Promise<Live[]> {
  if (containsUnknown([host, adopt, owner])) return [];
  try {
    return await list();
  } catch (cause) {
    if (cause instanceof TrunklineError) return [];
    throw cause;
  }
}

/** Whether something is not said. */
export function isPartial(inputs: Adoptable, fields: object): boolean {
  if (inputs.adopt === "") return false;
  return Object.keys(fields).some((name) => name !== "adopting" && own(inputs as unknown as Plain, name) === undefined);
}

/** The live object that adopting inputs speak of. */
export function adoptedAmong<Live>(kind: Kind<Live>, objects: Live[], { owner, adopt }: Adoptable): Live | undefined {
  const own = objects.find((live) => sameMark(kind.markOf(live) ?? { project: "", stack: "", name: "" }, owner));
  return own ?? objects.find((live) => kind.idOf(live) === adoptedId(adopt));
}

/** The inputs with what the adoption changes; of the first time only, later that is history. */
export async function showAdoption<Live, I extends Adoptable>(
  {
    kind,
    list,
    describe,
    secrets,
  }: { kind: Kind<Live>; list(): Promise<Live[]>; describe(live: Live, inputs: I): I; secrets: string[] },
  inputs: I,
  olds: Plain,
): Promise<I> {
  if (Object.keys(olds).length > 0) return { ...inputs, adopting: olds.adopting as I["adopting"] };
  if (inputs.adopt === "") return inputs;
  const live = adoptedAmong(kind, await orNone(inputs, list), inputs);
  if (live === undefined) return inputs;
  const names = Object.keys(inputs).filter((name) => !ALWAYS.includes(name) || name === "name");
  return { ...inputs, adopting: adoptionChanges(describe(live, inputs), inputs, names, secrets) };
}

function part(value: unknown, wanted: unknown): unknown {
  const names = Object.keys((wanted ?? {}) as object);
  return Object.fromEntries(Object.entries(value as object).filter(([name]) => names.includes(name)));
}
