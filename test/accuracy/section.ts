/** A part of the results: what was judged, in tables. */
export interface Section {
  readonly title: string;
  /** Markdown without the title. */
  readonly body: string;
  /** What must not have happened: verdicts that cost trust. Empty when all is well. */
  readonly failures: readonly string[];
}
