import type { FailureCount } from '../model/run-record.js';

const kindsMax = 50;
const messageMax = 300;

/** Failures of cycles, counted by operation, phase and kind; bounded, whatever the target answers. */
export class FailureLog {
  private readonly counts = new Map<string, { -readonly [Key in keyof FailureCount]: FailureCount[Key] }>();

  add(operation: string, phase: 'create' | 'destroy', error: unknown): void {
    const named = failureKind(error);
    const known = this.counts.has(`${operation} ${phase} ${named}`) || this.counts.size < kindsMax;
    this.merge({ operation, phase, kind: known ? named : 'other', count: 1, message: failureMessage(error) });
  }

  merge(failure: FailureCount): void {
    const key = `${failure.operation} ${failure.phase} ${failure.kind}`;
    const present = this.counts.get(key);
    if (present === undefined) this.counts.set(key, { ...failure });
    else present.count += failure.count;
  }

  get size(): number {
    return this.counts.size;
  }

  /** Most frequent first. */
  list(): FailureCount[] {
    return [...this.counts.values()].sort((left, right) => right.count - left.count).map((failure) => ({ ...failure }));
  }

  clear(): void {
    this.counts.clear();
  }
}

/** What distinguishes failures: the error's code where it has one (`ECONNRESET`, `HTTP 503`), else its class. */
function failureKind(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && code !== '' ? code.slice(0, 60) : error.name.slice(0, 60);
}

function failureMessage(error: unknown): string {
  const { hint } = (error ?? {}) as { hint?: unknown };
  const text = error instanceof Error ? error.message : String(error);
  const message = typeof hint === 'string' ? `${text} (${hint})` : text;
  return message.length > messageMax ? `${message.slice(0, messageMax)}…` : message;
}
