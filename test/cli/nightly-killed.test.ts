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

const kills = 4;

test(`a night that is killed ${kills} times goes on where it stopped: no run is lost or counted twice`, async () => {
  const directory = temporaryDirectory();
  const random = seededRandom('killed nights', 1);
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  writeTinySuite(directory, names, { time: '10m', minimum: '5s' });
  for (let kill = 0; kill < kills; kill += 1)
    if ((await killNight(directory, 500 + random() * 1_500)) === 'over') break;
  const { exitCode, stderr } = await plateau(['nightly', '--quiet'], { directory });
  expect(stderr).toBe('');
  expect(exitCode).toBe(2);
  await expectHistoryAsRebuilt(directory);
  const [night] = nightsOf(directory);
  for (const id of nightsOf(directory)) expectNothingLostOrDoubled(directory, id);
  expect(nightRecordOf(directory, night).entries.map(({ variant, run }) => [variant, typeof run])).toEqual(
    names.map((name) => [name, 'string']),
  );
  expect(nightRecordOf(directory, night).resumed).toBeGreaterThan(0);
  expect(processesOf(night!)).toEqual([]);
});
