import { expect, it } from 'vitest';
import { rerunCommand } from '../../../harness/run/rerun-command.js';

it('the rerun command holds everything that changes the run, quoted for a shell', () => {
  expect(
    rerunCommand(
      "./it's here.mjs",
      {
        defects: ['a'],
        cycles: 5,
        durationMs: 90_000,
        untilDecided: false,
        budgets: { fds: 0.1 },
        attribution: 'off',
      },
      41,
    ),
  ).toBe(
    String.raw`plateau run './it'\''s here.mjs' --defect a --cycles 5 --duration 90s --budget fds=0.1 --no-until-decided --attribution off --seed 41`,
  );
});

it('the rerun command of days names the clock that is moved on', () => {
  expect(rerunCommand('shop', { days: 2, virtualTime: true }, 1)).toBe(
    'plateau run shop --days 2 --virtual-time --seed 1',
  );
});
