/** The part of the untyped package that is used. Each function throws on what real servers reject. */
declare module "@jambonz/verb-specifications" {
  export function normalizeJambones(
    logger: { info(...details: unknown[]): void },
    answer: unknown,
  ): Record<string, unknown>[];
  export function validateVerb(name: string, data: object, logger: { info(...details: unknown[]): void }): void;
}
