import { expect, test } from 'vitest';
import type { EvidenceRound } from '../../../../harness/attribute/evidence/attribution-session.js';
import { outsideLeads } from '../../../../harness/attribute/leads/outside-leads.js';

/** Four rounds of a hundred cycles, each with one child more. */
function roundsWith(child: { command: string; isZombie: boolean }): EvidenceRound[] {
  return [1, 2, 3, 4].map((round) => ({
    cycles: 100 * round,
    values: {},
    outside: {
      descriptors: [],
      threads: [],
      children: Array.from({ length: round }, (_, index) => ({ pid: 100 + index, ...child })),
      temporaryFiles: [],
      addons: [],
    },
  }));
}

test.each([
  ['that run do not end', false, 'Child processes do not end: 0.01 a cycle, command `worker`'],
  [
    'that have ended are not waited for',
    true,
    'Child processes that have ended are not waited for: 0.01 a cycle, command `worker`',
  ],
])('children %s', (_, isZombie, words) => {
  const leads = outsideLeads(roundsWith({ command: 'worker', isZombie }));
  expect(leads.map(({ evidence }) => evidence.get('children')?.describe(1))).toEqual([words]);
});
