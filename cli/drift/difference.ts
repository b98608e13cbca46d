/** One thing that is live otherwise than declared. */
export interface Difference {
  kind: DifferenceKind;
  system: "LiveKit" | "Jambonz" | "Heroku" | "other";
  /** `outbound trunk "sbc"` */
  object: string;
  /** Its id in that system; empty where it has none (yet). */
  id: string;
  /** The property that differs, as Pulumi writes its path; empty: the object as a whole. */
  field: string;
  /** JSON; undefined: nothing. Secrets are `[secret]`. */
  declared: unknown;
  live: unknown;
  /** What it means, and what ends it. */
  what: string;
}

export type DifferenceKind =
  /** A field of a declared object was changed in the system itself. */
  | "changed"
  /** A declared object is not there. */
  | "missing"
  /** An object that the stack has removed, or whose name it watches for, is there again. */
  | "legacy"
  /** A SIP object that no stack has declared; in Jambonz only one that has to do with the stack's calls. */
  | "unmanaged"
  /** Trunks or rules that take the same call: LiveKit answers it with 503. */
  | "conflict"
  /** Declared, and not deployed. */
  | "pending";
