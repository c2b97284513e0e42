import { relative } from 'node:path';
import type { FailureCount } from '../model/run-record.js';
import { thrownMessage } from '../model/thrown.js';
import { userPlace } from '../platform/own-code.js';

const kindsMax = 50;
const messageMax = 300;

type Failure = Pick<FailureCount, 'operation' | 'phase' | 'kind'>;

/** Failures of cycles, counted by operation, phase and kind; bounded, whatever the target answers. */
export class FailureLog {
  private readonly counts = new Map<string, { -readonly [Key in keyof FailureCount]: FailureCount[Key] }>();

  /** Reading a field of what was thrown may throw too: such a value counts by its text. */
  add(operation: string, phase: Failure['phase'], thrown: unknown): void {
    try {
      this.addReadable(operation, phase, thrown);
    } catch {
      this.addReadable(operation, phase, thrownMessage(thrown));
    }
  }

  private addReadable(operation: string, phase: Failure['phase'], error: unknown): void {
    const named = { operation, phase, kind: failureKind(error) };
    const isKept = this.counts.has(keyOf(named)) || this.counts.size < kindsMax;
    this.count(isKept ? named : { ...named, kind: 'other' }, 1, () => failureMessage(error));
  }

  merge({ count, message, ...failure }: FailureCount): void {
    this.count(failure, count, () => message);
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

  /** @param message is asked for once: a stack takes time to be written out */
  private count(failure: Failure, count: number, message: () => string): void {
    const key = keyOf(failure);
    const present = this.counts.get(key);
    if (present === undefined) this.counts.set(key, { ...failure, count, message: message() });
    else present.count += count;
  }
}

function keyOf({ operation, phase, kind }: Failure): string {
  return `${operation} ${phase} ${kind}`;
}

/** What distinguishes failures: the error's code where it has one (`ECONNRESET`, `HTTP 503`), else its class. */
function failureKind(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && code !== '' ? code.slice(0, 60) : error.name.slice(0, 60);
}

function failureMessage(error: unknown): string {
  const { hint } = (error ?? {}) as { hint?: unknown };
  const text = thrownMessage(error);
  const message = typeof hint === 'string' ? `${text} (${hint})` : text;
  const shortened = message.length > messageMax ? `${message.slice(0, messageMax)}…` : message;
  const place = placeOf(error);
  return place === undefined ? shortened : `${shortened} at ${place}`;
}

/**
 * Where the user's own code threw, as `driver.mjs:4:11`.
 * @returns undefined for errors with a code: those say what was answered, not what is wrong in the code
 */
function placeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || 'code' in error) return undefined;
  const place = userPlace(error.stack ?? '');
  return place === undefined ? undefined : relative(process.cwd(), place);
}
