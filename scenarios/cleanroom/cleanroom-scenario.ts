import type { GaugeReader, ScriptTarget } from '../../harness/index.js';

/** A cleanroom, with the defects of the run planted. */
export function cleanroomTarget(
  { defects }: { readonly defects: readonly string[] },
  runtime: 'process' | 'docker' = 'process',
): ScriptTarget {
  return {
    script: new URL('./target/main.js', import.meta.url),
    arguments: ['--runtime', runtime, ...defects.flatMap((name) => ['--defect', name])],
    // It listens on sockets of its own before it does for requests.
    ready: { line: /listening on (?<url>\S+)/ },
  };
}

export const cleanroomGauges: GaugeReader = async ({ target }) =>
  (await target.http.get('/stats')).json<Record<string, number>>();

/** What all loops over the cleanroom share. */
export const cleanroomScenario = {
  target: (plan: { readonly defects: readonly string[] }) => cleanroomTarget(plan),
  gauges: cleanroomGauges,
} as const;
