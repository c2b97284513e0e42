import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ThingsReader } from '../../../../harness/cli/ui/listed-things.js';
import type { NightPlan } from '../../../../harness/model/night.js';
import { createNight, NightJournal, nightFiles, readNight } from '../../../../harness/store/nights/night-store.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

const plan = {
  id: 'first',
  startedAt: '2026-01-31T23:59:59.000Z',
  fingerprint: 'f',
  entries: [{ name: 'shop', scenario: 'shop' }],
} as unknown as NightPlan;

test.each([
  [nightFiles.plan, '', 'expected JSON, got an empty file'],
  [nightFiles.plan, '{"id":"first"}', 'startedAt'],
  [nightFiles.journal, 'null\n', 'journal.ndjson:1: content'],
  [nightFiles.journal, '{"event":"ended"}\n', 'journal.ndjson:1: at'],
  [join(nightFiles.claims, '1'), '5', 'content'],
])(
  'a night whose %s holds %j is reported with the place, and left out of the live page',
  async (file, text, problem) => {
    const out = temporaryDirectory();
    const directory = createNight(out, plan);
    createNight(out, { ...plan, id: 'second' });
    writeFileSync(join(directory, file), text);
    expect(() => readNight(out, 'first')).toThrow(problem);
    const { nights } = (await new ThingsReader(out).read()).listed;
    expect(nights.map(({ title }) => title)).toEqual(['second']);
  },
);

test('a sign of life of a night whose directory was removed harms nothing', () => {
  const directory = createNight(temporaryDirectory(), plan);
  const journal = new NightJournal(directory);
  rmSync(directory, { recursive: true });
  expect(() => journal.beat(0)).not.toThrow();
  journal.close();
});
