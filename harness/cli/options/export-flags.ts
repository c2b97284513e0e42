import type { Command } from 'commander';
import { exportMetrics, type MetricsExport } from '../../export/metrics-export.js';
import { invalidOption } from '../../model/errors.js';
import type { RunListener } from '../../model/run-options.js';
import { ownVersion } from '../../run/environment.js';
import type { CliContext } from '../context.js';
import { portOption } from './options.js';

/** Flags that say where metrics of a run go while it goes on. */
export interface ExportFlags {
  readonly metricsPort?: number;
  readonly otlp?: string | true;
  readonly ui?: true;
}

export function addExportFlags(command: Command): Command {
  return command
    .option(
      '--metrics-port <port>',
      'serve OpenMetrics at 127.0.0.1:<port>/metrics while running; 0 takes any',
      portOption('--metrics-port', 9464),
    )
    .option('--otlp [url]', 'send metrics over OTLP/HTTP (default: where OTEL_EXPORTER_OTLP_ENDPOINT says)', urlOption)
    .option('--ui', 'serve a live page on 127.0.0.1 while running; its address goes to stderr');
}

function urlOption(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw invalidOption(
    `--otlp: expected an http or https URL, got "${text}".`,
    '--otlp http://127.0.0.1:4318/v1/metrics',
  );
}

/** Starts what the flags ask for; `undefined` where they ask for nothing. */
export async function startExport(
  { output }: CliContext,
  { metricsPort, otlp }: ExportFlags,
): Promise<MetricsExport | undefined> {
  if (metricsPort === undefined && otlp === undefined) return undefined;
  const started = await exportMetrics({
    version: ownVersion(),
    ...(metricsPort !== undefined && { port: metricsPort }),
    ...(otlp !== undefined && { otlp }),
  });
  if (started.url !== undefined) output.notes.write(`Metrics at ${started.url}\n`);
  return started;
}

/** Notifies several; each hears it whatever the others make of it. */
export function fannedOut(...listeners: readonly (RunListener | undefined)[]): RunListener {
  return {
    onProgress: (progress) => {
      for (const listener of listeners) listener?.onProgress?.(progress);
    },
    onWarning: (message) => {
      for (const listener of listeners) listener?.onWarning?.(message);
    },
  };
}
