declare module "@jambonz/verb-specifications" {
  /** Throws for the first verb or property that a jambonz server would refuse. */
  export function validate(logger: object, verbs: unknown): void;
}
declare module "@jambonz/schema" {
  export function validateApp(verbs: unknown): { valid: boolean; errors: unknown[] };
}
