/** Where and how a report is shown; a reporter knows nothing else of the world. */
export interface ReportContext {
  /** ANSI colours. @defaultValue false */
  readonly color?: boolean;
  /** Columns of the terminal. @defaultValue 80 */
  readonly width?: number;
  /** Every metric on a line of its own. @defaultValue false */
  readonly verbose?: boolean;
  /** Paths below this directory are shown relative to it. */
  readonly directory?: string;
  /** Where the HTML report lies. */
  readonly reportPath?: string;
}
