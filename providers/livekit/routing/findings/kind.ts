/** A kind of finding: what docs/FINDINGS.md says of it, and the report of `doctor`. */
export interface FindingKind {
  /** `error`: calls fail, or are let in unasked; `warning`: surprising. A finding may be milder than its kind. */
  severity: "error" | "warning";
  needs: Need;
  /** What LiveKit does with it, in one or two sentences. */
  means: string;
  /** The setting that is wrong, short. */
  example: string;
  /** What to do. */
  cure: string;
  /** Where it was published or read: `owner/repository#issue`, a URL, or a file of LiveKit's source. */
  sources: readonly [string, ...string[]];
}

/**
 * What has to be known for it to be true. A finding about what this version does not understand, or about lists that are not whole, is not told
 * (`isSure`).
 * - `nothing`: it is about what is not understood.
 * - `text`: the text that it quotes, whatever else the object has.
 * - `objects`: the whole of the objects that it is about.
 * - `trunks`, `rules`: also that there is no other inbound trunk, or no other dispatch rule.
 */
type Need = "nothing" | "text" | "objects" | "trunks" | "rules";
