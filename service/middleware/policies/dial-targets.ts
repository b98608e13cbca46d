/** Why a number is not dialled. `not-allowed` = nothing against it but that nobody declared it. */
export type Refusal = "not-e164" | "emergency" | "premium" | "satellite" | "not-allowed";

/** E.164: `+`, a country code, at most 15 digits (ITU-T E.164 §6). Below 8 there are only short codes. */
const E164 = /^\+[1-9]\d{7,14}$/;

/**
 * Numbers of help, which must not ring because of a machine. EU 112 and 116xxx (Commission Decision 2007/116/EC), Germany 110 and 19222,
 * North America 911, United Kingdom 999, Australia 000. As they are dialled, or behind a country code.
 */
const EMERGENCY = [
  /^\+?(?:0{0,2})(?:110|112|911|999|000|116\d{3})$/,
  /^(?:\+49|0049|0)?(?:110|112|116\d{3}|(?:\d{2,5})?19222)$/,
  /^\+\d{1,3}(?:112|911|999)$/,
];

/** Satellite and international networks without a country: ITU-T list of assigned country codes (E.164 D), shared codes 870–883, 888, 991. */
const SATELLITE = [/^\+(?:870|878|881|882|883|888|991)/];

/**
 * Premium and mass-traffic ranges. International premium rate +979, shared cost +808 (ITU-T E.169). Germany: 0900, 0137/0138, 0180, 0190,
 * 012, 0118 (Bundesnetzagentur, Nummernplan). Austria 09xx (KEM-V), Switzerland 090x (BAKOM), United Kingdom 09, 084, 087, 070 (Ofcom),
 * France 089 and 081/082 (Arcep), Netherlands 090x (ACM), Belgium 090x, 070 (BIPT), Italy 89x and 199 (AGCOM), Spain 80x, 905, 907 (CNMC),
 * Poland 70x (UKE), North America area code 900 and exchange 976 (NANPA).
 */
const PREMIUM = [
  /^\+(?:979|808)/,
  /^\+49(?:900|13[78]|180|190|12|118)/,
  /^\+43(?:900|901|930|931|939)/,
  /^\+41(?:900|901|906)/,
  /^\+44(?:9|84|87|70)/,
  /^\+33(?:89|8[12])/,
  /^\+31(?:900|906|909)/,
  /^\+32(?:90|70)/,
  /^\+39(?:89|199)/,
  /^\+34(?:80[367]|90[57])/,
  /^\+4870/,
  /^\+1(?:900|\d{3}976)/,
];

/** A number without blanks and punctuation, `00` as `+`. */
export function normaliseNumber(text: string): string {
  return text.replaceAll(/[\s()./-]/g, "").replace(/^00(?=[1-9])/, "+");
}

/**
 * Whether this service may have that number dialled: declared, and none of those that are never dialled, declared or not.
 * @param declared the allow-list, in any spelling
 * @returns undefined = it may
 */
export function refusalOf(number: string, declared: readonly string[]): Refusal | undefined {
  const wanted = normaliseNumber(number);
  if (EMERGENCY.some((pattern) => pattern.test(wanted))) return "emergency";
  if (!E164.test(wanted)) return "not-e164";
  if (SATELLITE.some((pattern) => pattern.test(wanted))) return "satellite";
  if (PREMIUM.some((pattern) => pattern.test(wanted))) return "premium";
  return declared.some((entry) => normaliseNumber(entry) === wanted) ? undefined : "not-allowed";
}
