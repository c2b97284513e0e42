import type { PushMetricExporter } from '@opentelemetry/sdk-metrics';
import { PlateauError } from '../model/errors.js';
import { familyDefinitions, type MetricFamily } from './metric-families.js';

const packages = {
  metrics: '@opentelemetry/sdk-metrics',
  exporter: '@opentelemetry/exporter-metrics-otlp-http',
  resources: '@opentelemetry/resources',
} as const;
/** Later versions of the exporter need a newer Node than plateau does. */
const installCommand = `npm install ${packages.metrics}@2 '${packages.exporter}@<0.300' ${packages.resources}@2`;

const exportMs = 5_000;
const exportTimeoutMs = 4_000;

export interface OtlpSettings {
  /** Where to; without it what the OTEL_EXPORTER_OTLP_* variables say. */
  readonly url?: string;
  readonly version: string;
}

export interface OtlpExport {
  /** Sends what there is now, and stops. @returns why it could not be sent, where it could not */
  close(): Promise<string | undefined>;
}

/**
 * Sends metrics over OTLP/HTTP every five seconds with the OpenTelemetry SDK, which is loaded when it is asked for.
 * @throws {PlateauError} `PLATEAU_MISSING_PACKAGE` with the command that installs it
 */
export async function exportOtlp(
  { url, version }: OtlpSettings,
  families: () => readonly MetricFamily[],
): Promise<OtlpExport> {
  const { MeterProvider, PeriodicExportingMetricReader, OTLPMetricExporter, resourceFromAttributes } = await sdk();
  const exporter = new OTLPMetricExporter({
    timeoutMillis: exportTimeoutMs,
    ...(url !== undefined && { url: withPath(url) }),
  });
  const problem = watchedExport(exporter);
  const reader = new PeriodicExportingMetricReader({
    exporter,
    exportIntervalMillis: exportMs,
    exportTimeoutMillis: exportTimeoutMs,
  });
  const provider = new MeterProvider({
    readers: [reader],
    resource: resourceFromAttributes({
      'service.name': process.env.OTEL_SERVICE_NAME ?? 'plateau',
      'service.version': version,
    }),
  });
  const meter = provider.getMeter('plateau', version);
  for (const { name, type, help, unit } of familyDefinitions()) {
    const options = { description: help, ...(unit === 'seconds' && { unit: 's' }) };
    const instrument =
      type === 'counter' ? meter.createObservableCounter(name, options) : meter.createObservableGauge(name, options);
    instrument.addCallback((result) => {
      for (const { labels, value } of families().find((family) => family.name === name)?.values ?? [])
        result.observe(value, labels);
    });
  }
  return {
    async close() {
      await provider.shutdown();
      return problem();
    },
  };
}

/** The SDK keeps failures to itself. @returns what went wrong the last time */
function watchedExport(exporter: PushMetricExporter): () => string | undefined {
  let problem: string | undefined;
  const send = exporter.export.bind(exporter);
  exporter.export = (metrics, done) =>
    send(metrics, (outcome) => {
      problem = outcome.code === 0 ? undefined : (outcome.error?.message ?? 'the receiver did not answer');
      done(outcome);
    });
  return () => problem;
}

/** An endpoint without a path is that of all signals. */
function withPath(url: string): string {
  const parsed = new URL(url);
  if (parsed.pathname === '/') parsed.pathname = '/v1/metrics';
  return parsed.href;
}

async function sdk() {
  try {
    const [{ MeterProvider, PeriodicExportingMetricReader }, { OTLPMetricExporter }, { resourceFromAttributes }] =
      await Promise.all([
        import('@opentelemetry/sdk-metrics'),
        import('@opentelemetry/exporter-metrics-otlp-http'),
        import('@opentelemetry/resources'),
      ]);
    return { MeterProvider, PeriodicExportingMetricReader, OTLPMetricExporter, resourceFromAttributes };
  } catch (error) {
    throw new PlateauError(
      'PLATEAU_MISSING_PACKAGE',
      `OTLP: expected the OpenTelemetry SDK (${Object.values(packages).join(', ')}), got none.`,
      { hint: installCommand, cause: error },
    );
  }
}
