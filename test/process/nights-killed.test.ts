import { expect, test } from 'vitest';
import { seededRandom } from '../../harness/platform/random.js';
import { plateau } from '../support/cli.js';
import {
  expectHistoryAsRebuilt,
  expectNothingLostOrDoubled,
  killNight,
  nightRecordOf,
  nightsOf,
  processesOf,
  writeTinySuite,
} from '../support/night-commands.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const kills = 20;

test(`nights that are killed ${kills} times lose no run and count none twice`, { timeout: 600_000 }, async () => {
  const directory = temporaryDirectory();
  const random = seededRandom('killed nights', 20);
  const names = Array.from({ length: 12 }, (_, index) => `v${index}`);
  writeTinySuite(directory, names, { time: '1h', minimum: '5s', targetsAtOnce: 2 });
  let killed = 0;
  while (killed < kills) if ((await killNight(directory, random() * 4_000)) === 'killed') killed += 1;
  const { exitCode } = await plateau(['nightly', '--quiet'], { directory });
  expect(exitCode).toBe(2);
  await expectHistoryAsRebuilt(directory);
  for (const night of nightsOf(directory)) {
    expectNothingLostOrDoubled(directory, night);
    expect(nightRecordOf(directory, night).entries.map(({ variant }) => variant)).toEqual(names);
    expect(processesOf(night)).toEqual([]);
  }
});
