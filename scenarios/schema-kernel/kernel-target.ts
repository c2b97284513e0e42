import type { GaugeKind, GaugeReader, ScriptTarget } from '../../harness/index.js';
import { requirePackages } from '../required-packages.js';

/** The kernel, with the defects of the run planted. */
export function kernelTarget({ defects }: { readonly defects: readonly string[] }): ScriptTarget {
  requirePackages('schema-kernel', ['ajv']);
  return {
    script: new URL('./target/main.js', import.meta.url),
    arguments: defects.flatMap((name) => ['--defect', name]),
  };
}

export const kernelGauges: GaugeReader = async ({ target }) =>
  (await target.http.get('/stats')).json<Record<string, number>>();

/** The kernel may keep 1,000 compiled schemas and 1,000 handlers. */
export const kernelGaugeKinds: Readonly<Record<string, GaugeKind>> = {
  cachedSchemas: { kind: 'bounded', bound: 1_000 },
  handlers: { kind: 'bounded', bound: 1_000 },
  compilations: { kind: 'counter' },
};

/** The same where schemas are ever new: a document that is kept is no cache that fills. */
export const freshGaugeKinds: Readonly<Record<string, GaugeKind>> = {
  ...kernelGaugeKinds,
  keptDocuments: { kind: 'bounded', bound: 0 },
};
