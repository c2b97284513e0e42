import type { DefectDeclaration } from '../../harness/index.js';
import { faultEvery } from './damaged-database.js';

/**
 * What planted connection defects show in a loop that makes `calls` calls a cycle, and a failing one in every fourth.
 * @param audit the finding that an unclosed connection shows
 */
export function connectionDefects(calls: number, audit: string): Record<string, DefectDeclaration> {
  return {
    'unclosed-on-error': {
      summary: 'an exception skips close(): a descriptor for each call that fails (one cycle in four)',
      audit: [audit],
      expect: { verdict: 'leak', metric: 'fds', shape: 'linear', perCycle: 1 / faultEvery },
    },
    'with-only': {
      summary: 'a block that commits or rolls back but does not close: a descriptor for each call, failed or not',
      expect: { verdict: 'leak', metric: 'fds', shape: 'linear', perCycle: calls + 1 / faultEvery },
    },
    'gc-only': {
      summary: 'an exception skips close(), but nobody holds the connection: it goes with the garbage',
      expect: { verdict: 'plateau' },
    },
  };
}
