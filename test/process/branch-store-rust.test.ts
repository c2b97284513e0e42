import { runScenario } from 'plateau';
import { expect, it } from 'vitest';
import { builtScenario } from '../support/built-in-target.js';
import { lineOfText } from '../support/native-services.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const soak = async (defects: readonly string[]) =>
  runScenario(await builtScenario('branch-store/rust-branches'), {
    defects,
    durationMs: 90_000,
    seed: 41,
    outDirectory: temporaryDirectory(),
  });

it('the branch store in Rust levels off', async () => {
  expect(await soak([])).toMatchObject({ verdict: 'plateau', exitCode: 0 });
});

it('a commit lock that outlives its branch is named by the line that makes it', async () => {
  const record = await soak(['commit-locks']);
  expect(record).toMatchObject({ verdict: 'leak', exitCode: 1 });
  const { location } = record.suspects.find(({ metric }) => metric === 'allocations')!;
  expect(location?.file).toMatch(/rust\/branch-store\/src\/store\.rs$/);
  expect(location?.line).toBe(lineOfText(location!.file, 'self.commit_locks.entry'));
});

it('without cargo, what to install is said', async () => {
  const path = process.env.PATH;
  process.env.PATH = '/nowhere';
  try {
    await expect(soak([])).rejects.toThrow(/expected cargo in the PATH, got none/);
  } finally {
    process.env.PATH = path;
  }
});
