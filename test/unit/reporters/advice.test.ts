import { describe, expect, test } from 'vitest';
import { adviceFor } from '../../../reporters/advice.js';
import { findingWith, recordWith } from '../../support/record-with.js';

const parameters = { rounds: 60, attribution: 'off' };
const failedAudit = [{ check: 'unit:heap', ok: false, detail: 'its unit is not known' }];

describe('a series that something else recorded', () => {
  const recorded = { parameters, rerun: 'plateau analyse soak.csv --no-color', audit: failedAudit };

  test('is not told to be run with options that only a run has', () => {
    expect(adviceFor(recordWith({ ...recorded, verdict: 'leak', exitCode: 1 }))).toEqual([]);
    const undecided = findingWith({ metric: 'fds', verdict: 'inconclusive', cyclesToDecide: 50_000 });
    expect(adviceFor(recordWith({ ...recorded, verdict: 'inconclusive', exitCode: 2, findings: [undecided] }))).toEqual(
      [],
    );
  });

  test('unlike a run, which can look for the cause', () => {
    expect(adviceFor(recordWith({ parameters, verdict: 'leak', exitCode: 1 }))).toEqual([
      expect.objectContaining({ command: 'plateau run branch-store/branches --seed 41 --attribution on-leak' }),
    ]);
  });
});
