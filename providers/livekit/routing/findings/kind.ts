/** A kind of finding: what docs/FINDINGS.md says of it, and the report of `doctor`. */
export interface FindingKind {
  /** `error`: calls fail, or are let in unasked; `warning`: surprising. A finding may be milder than its kind. */
  severity: "error" | "warning";
  /** What LiveKit does with it, in one or two sentences. */
  means: string;
  /** The setting that is wrong, short. */
  example: string;
  /** What to do. */
  cure: string;
  /** Where it was published or read: `owner/repository#issue`, a URL, or a file of LiveKit's source. */
  sources: readonly [string, ...string[]];
}
