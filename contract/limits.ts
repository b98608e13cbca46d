/** How much of a value from outside is believed. What is longer is refused where it comes in, with the name of its field. */
export interface Limits {
  /** Of each text, and of each name of a field. */
  characters: number;
  /** Of each list, and fields of each object. */
  entries: number;
  /** Lists and objects in one another. */
  levels: number;
  /** Fields whose texts are longer by nature, with all below them: dotted paths from the top. */
  longer?: Readonly<Record<string, number>>;
}

/**
 * All borders whose values have fields. A field that is added later has the limit of its border at once: limits are looked at before schemas are,
 * and schemas only narrow them. Answers of APIs and files are limited as a whole (contract/outgoing, cli/input-file.ts), as is a webhook's body;
 * what is shown of them is cut (providers/text).
 */
export const LIMITS = {
  /** Of the stack file. Config vars and instructions hold keys, certificates, pages of text. */
  setting: {
    characters: 1_024,
    entries: 10_000,
    levels: 8,
    longer: { heroku: 32_768, serviceSecrets: 32_768, agent: 32_768 },
  },
  /** Of a resource: what a program can declare. LiveKit's metadata, and an application of Jambonz, may be long. */
  input: { characters: 65_536, entries: 20_000, levels: 12 },
  /** Of a service. Heroku gives all config vars of an app 64 KB together (devcenter, "Configuration and Config Vars"). */
  variable: { characters: 65_536, entries: 1_000, levels: 1 },
  /** What middleware and agent tell each other about a call; SIP headers have 1 024 bytes at most. */
  call: { characters: 1_024, entries: 100, levels: 4 },
} as const satisfies Record<string, Limits>;

export interface Excess {
  /** Dotted; empty for the value itself. */
  path: string;
  problem: string;
}

/** The first of the fields that are too much: who sends one may send a million. */
const MOST_TOLD = 20;
/** Of a name in a path: it may be the text that is too long. */
const LONGEST_NAME = 80;

/** What is too long, too many or too deep in a value, by its field. Looks at no more than is believed. */
export function excessOf(value: unknown, limits: Limits): Excess[] {
  const found: Excess[] = [];
  look(value, [], limits, found);
  return found;
}

function look(value: unknown, path: readonly string[], limits: Limits, found: Excess[]): void {
  if (found.length >= MOST_TOLD) return;
  const told = (problem: string) => found.push({ path: path.map(short).join("."), problem });
  if (typeof value === "string") {
    if (value.length <= limits.characters) return;
    const most = charactersAt(path, limits);
    if (value.length > most) told(`is over ${most} characters`);
  } else if (typeof value === "object" && value !== null) {
    if (path.length >= limits.levels) return void told(`is over ${limits.levels} levels deep`);
    const entries = Object.entries(value);
    if (entries.length > limits.entries) return void told(`has over ${limits.entries} entries`);
    for (const [name, inner] of entries) {
      if (name.length > limits.characters) told(`has a name of over ${limits.characters} characters`);
      else look(inner, [...path, name], limits, found);
    }
  }
}

function charactersAt(path: readonly string[], { characters, longer = {} }: Limits): number {
  const own = path.map((_, index) => path.slice(0, index + 1).join("."));
  const found = own.findLast((prefix) => Object.hasOwn(longer, prefix));
  return found === undefined ? characters : Math.max(characters, new Map(Object.entries(longer)).get(found) ?? 0);
}

function short(name: string): string {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
}
