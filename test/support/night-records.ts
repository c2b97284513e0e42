import type { News } from '../../harness/model/news.js';
import type { NightEntryRecord, NightRecord } from '../../harness/model/night.js';
import { leakRecord as sharedLeak } from './leak-record.js';
import { inconclusiveRecord, plateauRecord } from './run-records.js';

const leakRecord = { ...sharedLeak, id: '20261121-071502-leak1' };
const wideRecord = { ...sharedLeak, id: '20261121-071502-wide1' };

/** Nights as real ones end, for tests of what is made from them. */

function entryWith(changes: Partial<NightEntryRecord> & Pick<NightEntryRecord, 'name'>): NightEntryRecord {
  return {
    scenario: changes.name,
    defects: [],
    verdict: 'plateau',
    exitCode: 0,
    reason: 'All 12 judged metrics stay within their budgets.',
    leaking: [],
    known: false,
    cycles: 13_240,
    spentMs: 12_400,
    attempts: 1,
    ...changes,
  };
}

export const nightRuns = [leakRecord, plateauRecord, inconclusiveRecord, wideRecord];

const news: readonly News[] = [
  {
    kind: 'new',
    reported: true,
    message:
      'branch-store/branches (commit-locks) leaks gauge.commitLocks by 1 entries a cycle, new with 3799af3 (sound at 0b1c2d3)',
    scenario: 'branch-store/branches',
    variant: 'commit-locks',
    metrics: ['gauge.commitLocks', 'heapUsed'],
    verdict: 'leak',
  },
  {
    kind: 'fixed',
    reported: true,
    message: 'uploads is sound again',
    scenario: 'uploads',
    variant: '',
    metrics: ['fds'],
  },
  {
    kind: 'undecided',
    reported: false,
    message: 'upload is undecided for 2 nights',
    scenario: 'upload',
    variant: '',
    metrics: [],
  },
  {
    kind: 'still',
    reported: false,
    message: 'sessions (wide) leaks `fds` by 1 fds a cycle, as since night 3 (known to me until 2027-01-31)',
    scenario: 'sessions',
    variant: 'wide',
    metrics: ['fds'],
    verdict: 'leak',
  },
];

export const leakNight: NightRecord = {
  schemaVersion: 1,
  id: '20261125-020000-00abc',
  startedAt: '2026-11-25T02:00:00.000Z',
  endedAt: '2026-11-25T03:10:00.000Z',
  command: 'plateau nightly',
  environment: plateauRecord.environment,
  budgetMs: 7_200_000,
  spentMs: 4_200_000,
  resumed: 1,
  verdict: 'crashed',
  exitCode: 4,
  reason: '5 scenarios: 1 leak, 1 plateau, 1 inconclusive, 1 known to leak, 1 crashed',
  canaries: [
    { kind: 'leak', pair: 0, ok: true, detail: 'canary kept-sessions: expected to leak, got leak', durationMs: 3_600 },
    {
      kind: 'sound',
      pair: 0,
      ok: true,
      detail: 'canary ended-sessions: expected to pass, got plateau',
      durationMs: 5_000,
    },
  ],
  entries: [
    entryWith({
      name: 'branch-store/branches + commit-locks',
      scenario: 'branch-store/branches',
      defects: ['commit-locks'],
      run: leakRecord.id,
      verdict: 'leak',
      exitCode: 1,
      reason: leakRecord.reason,
      leaking: ['gauge.commitLocks', 'heapUsed'],
      location: leakRecord.suspects[0]!.location!,
      suspect: leakRecord.suspects[0]!.description,
      attempts: 2,
      spentMs: 372_000,
      rerun: leakRecord.rerun,
    }),
    entryWith({ name: 'uploads', run: plateauRecord.id }),
    entryWith({
      name: 'upload',
      run: inconclusiveRecord.id,
      verdict: 'inconclusive',
      exitCode: 2,
      reason: inconclusiveRecord.reason,
      cycles: 2_410,
      rerun: inconclusiveRecord.rerun,
    }),
    entryWith({
      name: 'sessions@wide',
      scenario: 'sessions',
      variant: 'wide',
      run: wideRecord.id,
      verdict: 'leak',
      exitCode: 1,
      leaking: ['fds'],
      known: true,
      rerun: 'plateau run sessions --seed 2',
    }),
    entryWith({
      name: 'broken',
      verdict: 'crashed',
      exitCode: 3,
      reason: 'scenario ./broken.mjs: expected a module that loads, got\nSyntaxError: Unexpected token',
      cycles: 0,
      spentMs: 0,
    }),
  ],
  news,
  warnings: ['history could not be kept: the disk is full'],
};

export const quietNight: NightRecord = {
  ...leakNight,
  resumed: 0,
  verdict: 'plateau',
  exitCode: 0,
  reason: '1 scenario: 1 plateau',
  entries: [leakNight.entries[1]!],
  news: [],
  warnings: [],
};

export const voidNight: NightRecord = {
  ...leakNight,
  shard: '2/4',
  resumed: 0,
  spentMs: 8_600,
  verdict: 'void',
  exitCode: 4,
  reason: 'canary kept-sessions: expected to leak gauge.endedSessions, got plateau',
  canaries: [
    {
      kind: 'leak',
      pair: 0,
      ok: false,
      detail: 'canary kept-sessions: expected to leak gauge.endedSessions, got plateau',
      durationMs: 30_000,
    },
  ],
  entries: [],
  news: [
    {
      kind: 'void',
      reported: true,
      message: 'The night is void: canary kept-sessions: expected to leak gauge.endedSessions, got plateau',
      metrics: [],
    },
  ],
  warnings: [],
};

/** What a scenario and its target may call themselves. */
const evil = '</script>|`<b>\u001b[2J\r\n::error::owned%0A\u202e';

export const nastyNight: NightRecord = {
  ...leakNight,
  reason: evil,
  entries: [
    entryWith({
      name: evil,
      run: leakRecord.id,
      verdict: 'leak',
      exitCode: 1,
      reason: evil,
      leaking: [evil],
      location: { file: `/srv/app/${evil}.ts`, line: 1 },
      suspect: evil,
      rerun: evil,
    }),
    entryWith({ name: '=cmd()', verdict: 'crashed', exitCode: 4, reason: evil, cycles: 0 }),
  ],
  news: [{ kind: 'new', reported: true, message: evil, scenario: evil, variant: '', metrics: [evil], verdict: 'leak' }],
  warnings: [evil],
};

export const allNights: Readonly<Record<string, NightRecord>> = {
  leak: leakNight,
  quiet: quietNight,
  void: voidNight,
  nasty: nastyNight,
};
