import type { MetricsExport } from '../../export/metrics-export.js';
import type { PlateauConfiguration } from '../../model/configuration.js';
import { seriesVariant } from '../../model/history.js';
import type { NightPlan } from '../../model/night.js';
import type { NightListener } from '../../run/nightly/run-entries.js';
import type { CliContext } from '../context.js';
import { type ExportFlags, fannedOut, startExport } from '../options/export-flags.js';

/** Starts the export of live figures that flags or the configuration ask for; flags go before it. */
export async function startNightExport(
  context: CliContext,
  { openMetrics, otlp }: PlateauConfiguration,
  flags: ExportFlags,
  { targetsAtOnce }: NightPlan,
): Promise<MetricsExport | undefined> {
  const port = flags.metricsPort ?? openMetrics?.port;
  const receiver = flags.otlp ?? (typeof otlp === 'object' ? otlp.endpoint : otlp);
  if (port === undefined && receiver === undefined) return undefined;
  if (targetsAtOnce > 1) {
    context.output.notes.write('No live metrics: they are of one target at a time (nightly.targetsAtOnce: 1).\n');
    return undefined;
  }
  return startExport(context, {
    ...(port !== undefined && { metricsPort: port }),
    ...(receiver !== undefined && { otlp: receiver }),
  });
}

/** What watches a night, and the export beside it; canaries are not exported. */
export function exportedNight(
  listener: NightListener,
  metrics: MetricsExport | undefined,
  { entries }: NightPlan,
  tags: Readonly<Record<string, string>> | undefined,
): NightListener {
  if (metrics === undefined) return listener;
  let exported = false;
  const both = fannedOut(listener, metrics);
  return {
    ...listener,
    onProgress: (progress) => (exported ? both : listener).onProgress?.(progress),
    onStart(name, attempt, durationMs) {
      listener.onStart?.(name, attempt, durationMs);
      const entry = entries.find((planned) => planned.name === name);
      exported = entry !== undefined;
      if (entry !== undefined) metrics.begin({ scenario: entry.scenario, variant: seriesVariant(entry), tags });
    },
    onRecord: (record) => metrics.judged(record),
  };
}
