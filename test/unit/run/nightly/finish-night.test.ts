import { expect, it } from 'vitest';
import { finishNight } from '../../../../harness/run/nightly/finish-night.js';
import { NightState } from '../../../../harness/run/nightly/night-state.js';
import type { OpenNight } from '../../../../harness/run/nightly/open-night.js';
import { planNight } from '../../../../harness/run/nightly/plan-night.js';
import { plateauRecord } from '../../../support/run-records.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

it('a scenario that got no time is news, and no pass', async () => {
  const plan = planNight({
    id: '20261125-020000-00abc',
    startedAt: '2026-11-25T02:00:00.000Z',
    command: 'plateau nightly',
    environment: plateauRecord.environment,
    configuration: {},
    budgetMs: 60_000,
    targetsAtOnce: 1,
    canaries: 1,
    entries: [{ name: 'carts', scenario: 'shop/carts', defects: [], minimumMs: 30_000 }],
  });
  const night = { plan, events: [], elapsedMs: 60_000, resumed: 0 } as unknown as OpenNight;
  const { record } = await finishNight(night, new NightState(night), {
    outDirectory: temporaryDirectory(),
    knownLeaks: [],
    voidReason: undefined,
    warnings: [],
    endedAt: '2026-11-25T02:01:00.000Z',
  });
  expect(record).toMatchObject({ verdict: 'inconclusive', exitCode: 2, reason: '1 scenario: 1 not run' });
  expect(record.news).toMatchObject([
    { kind: 'undecided', reported: true, message: 'carts did not run: no time was left in the night' },
  ]);
});
