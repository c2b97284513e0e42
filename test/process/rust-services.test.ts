import { runScenario } from 'plateau';
import { expect, it } from 'vitest';
import { builtScenario } from '../support/built-in-target.js';
import { lineOfText } from '../support/native-services.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const soak = async (name: string, defects: readonly string[]) =>
  runScenario(await builtScenario(name), { defects, durationMs: 90_000, seed: 41, outDirectory: temporaryDirectory() });

it('the branch store in Rust levels off', async () => {
  expect(await soak('branch-store/rust-branches', [])).toMatchObject({ verdict: 'plateau', exitCode: 0 });
});

it.each([
  ['branch-store/rust-branches', 'commit-locks', 'store.rs', 'self.commit_locks.entry'],
  ['cleanroom/rust-guards', 'container-guard-detached', 'environment.rs', 'containers.insert'],
  ['schema-kernel/rust-schemas', 'documents-per-call', 'schemas.rs', 'serde_json::from_str'],
])('%s --defect %s is named by the line that makes what stays', async (name, defect, file, text) => {
  const record = await soak(name, [defect]);
  expect(record).toMatchObject({ verdict: 'leak', exitCode: 1 });
  const { location, calledFrom = location } = record.suspects.find(({ metric }) => metric === 'allocations')!;
  expect(calledFrom?.file).toMatch(new RegExp(`/rust/.*/src/${file.replace('.', '\\.')}$`));
  expect(calledFrom?.line).toBe(lineOfText(calledFrom!.file, text));
});

it('without cargo, what to install is said', async () => {
  const path = process.env.PATH;
  process.env.PATH = '/nowhere';
  try {
    await expect(soak('branch-store/rust-branches', [])).rejects.toThrow(/expected cargo in the PATH, got none/);
  } finally {
    process.env.PATH = path;
  }
});
