/** `jambonz.adopt` of the settings: ids by what they are of. */
export interface Adoptions {
  [setting: string]: string | Record<string, string>;
}

/** The setting for each resource of infra/jambonz.ts, by its type and name; `$1` is the rest of the name. */
const SETTINGS: readonly (readonly [RegExp, string])[] = [
  [/^Application calls$/, "callsApplication"],
  [/^Application /, "agentLegApplication"],
  [/^VoipCarrier phone$/, "phoneCarrier"],
  [/^VoipCarrier livekit-1$/, "livekitCarrier"],
  [/^SipGateway livekit-1$/, "livekitGateway"],
  [/^SipGateway phone-(.+)$/, "phoneGateways"],
  [/^PhoneNumber (.+)$/, "phoneNumbers"],
];

/** What the refusals in the output of `pulumi up` ask to be taken over. */
export function adoptionsIn(output: string): Adoptions {
  const refusals = output.matchAll(/jambonz:(\w+) \(([^)]+)\):\n\s+error: FOREIGN_TWIN: [^\n]*adopt: "([^"]+)"/g);
  const adoptions: Adoptions = {};
  for (const [, type, name, id = ""] of refusals) {
    for (const [pattern, setting] of SETTINGS) {
      const [found, key] = pattern.exec(`${type} ${name}`) ?? [];
      if (found === undefined) continue;
      adoptions[setting] = key === undefined ? id : { ...(adoptions[setting] as Record<string, string>), [key]: id };
      break;
    }
  }
  return adoptions;
}

/** Both; of numbers and gateways the entries of both. */
export function merged(one: Adoptions, other: Adoptions): Adoptions {
  const entries = Object.entries(other).map(([setting, value]) => {
    const before = one[setting];
    return [setting, typeof value === "object" && typeof before === "object" ? { ...before, ...value } : value];
  });
  return { ...one, ...Object.fromEntries(entries) };
}
