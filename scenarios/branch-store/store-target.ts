import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { ScenarioDefinition, ScenarioTarget, ScriptTarget } from '../../harness/index.js';

/** What the store reports of itself. */
interface StoreStats {
  /** No version, segment or snapshot is waiting for maintenance. */
  readonly isQuiet: boolean;
  readonly sessionPort: number;
  readonly gauges: Readonly<Record<string, number>>;
}

/** What all of the store's scenarios have in common. */
export const storeScenario = {
  target: storeTarget,
  gauges: async ({ target }) => (await storeStats(target)).gauges,
  // Eight contexts may wait for the next transactions.
  gaugeKinds: { contextsIdle: { kind: 'bounded', bound: 8 } },
  // Versions are collected and a snapshot is written soon after the last commit; before that sizes say nothing.
  settle: { until: async ({ target }) => (await storeStats(target)).isQuiet },
} satisfies Partial<ScenarioDefinition>;

/** The store, with the defects of the run planted. */
function storeTarget({ defects }: { readonly defects: readonly string[] }): ScriptTarget {
  return {
    script: new URL('./target/server.js', import.meta.url),
    arguments: defects.flatMap((name) => ['--defect', name]),
  };
}

export async function storeStats(target: ScenarioTarget): Promise<StoreStats> {
  return (await target.http.get('/stats')).json();
}

/** Where the store keeps a database's manifest and its log. */
export function databaseFiles(target: ScenarioTarget, name: string): { manifest: string; segments: string } {
  const data = join(target.temporaryDirectory, 'branch-store');
  return { manifest: join(data, 'manifests', `${name}.manifest`), segments: join(data, 'databases', name, 'wal') };
}

/** Puts a directory that is not empty in a file's place, so that renaming another file to it fails. */
export async function blockFile(path: string): Promise<void> {
  await rm(path);
  await mkdir(join(path, 'in-the-way'), { recursive: true });
}
