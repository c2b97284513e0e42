import type { AuditEntry, Finding } from './run-record.js';
import type { RunVerdict } from './verdict.js';

/** What the samples of a run say; a pure function of them. */
export interface Judgement {
  readonly verdict: RunVerdict;
  /** One sentence: the metric that decided and why, or what is missing and how to get it. */
  readonly reason: string;
  /** Gravest first. */
  readonly findings: readonly Finding[];
  readonly audit: readonly AuditEntry[];
  readonly warnings: readonly string[];
  /** Floors of the longest warm-up of any judged metric. */
  readonly warmupRounds: number;
}

/** What to do after a round. */
export type Progress =
  | {
      readonly state: 'continue';
      readonly cyclesWanted: number;
      readonly undecided: readonly string[];
      /**
       * Where nothing but metrics that swing is in the way of a verdict, a rest shows more than further cycles do. Where bytes
       * grow by so little that many cycles would be needed, what is counted shows more.
       */
      readonly next: 'drive' | 'rest' | 'count';
      /** As it stands; absent where no look was due. */
      readonly judgement?: Judgement;
    }
  | { readonly state: 'decided'; readonly judgement: Judgement };
