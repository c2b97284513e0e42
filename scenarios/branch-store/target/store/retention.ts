import { badRequest } from '../client-errors.js';

/** How many versions of a key outlive their last reader. */
export interface RetentionPolicy {
  readonly name: 'keep-all' | 'keep-last';
  /** @param depth 0 for the newest version, 1 for the one before, ... */
  retains(depth: number): boolean;
  /** Whether a deleted key keeps its history. */
  readonly retainsDeleted: boolean;
}

/** As it is configured and stored. */
export type RetentionSetting = 'keep-all' | { readonly keepLast: number };

export const keepAll: RetentionPolicy = { name: 'keep-all', retains: () => true, retainsDeleted: true };

export function keepLast(count: number): RetentionPolicy {
  return { name: 'keep-last', retains: (depth) => depth < count, retainsDeleted: false };
}

export function retentionPolicy(setting: RetentionSetting): RetentionPolicy {
  return setting === 'keep-all' ? keepAll : keepLast(setting.keepLast);
}

/** @throws {ServiceError} 400 */
export function parseRetention(value: unknown): RetentionSetting {
  if (value === 'keep-all') return value;
  const count = (value as { keepLast?: unknown } | null)?.keepLast;
  if (typeof count === 'number' && Number.isInteger(count) && count >= 1) return { keepLast: count };
  throw badRequest('retention must be "keep-all" or {"keepLast": <positive integer>}');
}
