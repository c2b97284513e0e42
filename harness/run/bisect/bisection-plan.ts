import type { BisectedCommit, JudgedCommit } from '../../model/bisection.js';
import type { RunListener, RunOptions } from '../../model/run-options.js';
import type { Repository } from '../../repository/repository.js';

/** Notified of a bisection while it goes on. */
export interface BisectionListener {
  /** A commit is about to be checked out, built and soaked. */
  onCommit?(commit: BisectedCommit, purpose: CommitPurpose, left?: BisectionLeft): void;
  /** @param kept judged by an earlier call of the same bisection */
  onJudged?(commit: BisectedCommit, judged: JudgedCommit, kept: boolean): void;
  onNote?(message: string): void;
  readonly run?: RunListener;
}

export type CommitPurpose = 'bad' | 'good' | 'candidate';

export interface BisectionLeft {
  /** Commits that may still be the one. */
  readonly candidates: number;
  /** Commits to judge when nothing more is skipped. */
  readonly commits: number;
}

export interface BisectionPlan {
  readonly repository: Repository;
  /** As the user named the scenario. */
  readonly reference: string;
  /** Its module, absolute. */
  readonly scenarioFile: string;
  /** Full names of commits. */
  readonly good: string;
  readonly bad: string;
  /** Shell command that is run in each checkout. */
  readonly build?: string;
  /** The metric to follow. @defaultValue the one that shows with the fewest cycles */
  readonly metric?: string;
  /** Forgets what an earlier call has judged. */
  readonly restart?: boolean;
  readonly options: RunOptions & { readonly signal: AbortSignal; readonly outDirectory: string };
  readonly listener?: BisectionListener;
  readonly rerun: (seed: number) => string;
  /** The command that soaks two commits in turns. */
  readonly proof: (before: string, after: string, seed: number) => string;
}
