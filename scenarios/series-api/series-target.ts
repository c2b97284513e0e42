import type { GaugeKind, GaugeReader, ScriptTarget } from '../../harness/index.js';
import { requirePackages } from '../required-packages.js';

/** The series API with the defects of the run planted, and what else its command line takes. */
export function seriesTarget(...options: string[]): (plan: { readonly defects: readonly string[] }) => ScriptTarget {
  return ({ defects }) => {
    requirePackages('series-api', ['libsql', '@duckdb/node-api']);
    return {
      script: new URL('./target/main.js', import.meta.url),
      arguments: [...options, ...defects.flatMap((name) => ['--defect', name])],
    };
  };
}

export const seriesGauges: GaugeReader = async ({ target }) =>
  (await target.http.get('/stats')).json<Record<string, number>>();

/** The limits that the service states of itself. */
export const seriesGaugeKinds: Readonly<Record<string, GaugeKind>> = {
  cachedQueries: { kind: 'bounded', bound: 100 },
  cacheBytes: { kind: 'bounded', bound: 8 * 1024 * 1024 },
  cachedTokens: { kind: 'bounded', bound: 1_000 },
  healthChecks: { kind: 'counter' },
};
