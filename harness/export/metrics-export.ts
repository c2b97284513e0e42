import type { RunListener } from '../model/run-options.js';
import type { RunRecord } from '../model/run-record.js';
import { type ExportedRun, metricFamilies } from './metric-families.js';
import { type MetricsServer, serveMetrics } from './metrics-server.js';
import { exportOtlp, type OtlpExport } from './otlp.js';

/** A Prometheus that has scraped before is given so long to see the verdict too. */
const lingerMs = 20_000;

export interface ExportSettings {
  /** Serve OpenMetrics on this port of 127.0.0.1; 0: any. */
  readonly port?: number;
  /** Send OTLP; `true`: to where the OTEL_EXPORTER_OTLP_* variables say. */
  readonly otlp?: string | true;
  readonly version: string;
}

/** Notified of runs as they go on and end, and shows that to whoever scrapes or receives. */
export interface MetricsExport extends RunListener {
  /** Of the server, where there is one. */
  readonly url?: string;
  /** @param key scenario and variant of the run that begins */
  begin(key: Pick<ExportedRun, 'scenario' | 'variant' | 'tags'>): void;
  judged(record: RunRecord): void;
  /** Lets the verdict be seen, then stops. @returns what could not be sent, for a warning */
  end(signal: AbortSignal): Promise<string | undefined>;
}

/** @throws {PlateauError} `PLATEAU_INVALID_OPTION` for a port that is taken, `PLATEAU_MISSING_PACKAGE` */
export async function exportMetrics({ port, otlp, version }: ExportSettings): Promise<MetricsExport> {
  const runs: ExportedRun[] = [];
  const replaceLast = (part: Partial<ExportedRun>) => {
    const last = runs.pop();
    if (last !== undefined) runs.push({ ...last, ...part });
  };
  const families = () => metricFamilies(runs);
  const receiver =
    otlp === undefined ? undefined : await exportOtlp({ version, ...(otlp !== true && { url: otlp }) }, families);
  const server = port === undefined ? undefined : await serveMetrics(port, families);
  return {
    ...(server !== undefined && { url: server.url }),
    begin({ scenario, variant, tags }) {
      // Of a scenario that runs again only the new run is reported: two values of one series are none.
      const before = runs.findIndex((run) => run.scenario === scenario && run.variant === variant);
      if (before >= 0) runs.splice(before, 1);
      runs.push({ scenario, variant, tags });
    },
    onProgress: (progress) => replaceLast({ progress }),
    judged: (record) => replaceLast({ record }),
    async end(signal) {
      if (server?.scraped) await seenOnce(server, signal);
      await server?.close();
      return receiver === undefined ? undefined : lastWords(receiver);
    },
  };
}

async function seenOnce(server: MetricsServer, signal: AbortSignal): Promise<void> {
  await server.nextScrape(AbortSignal.any([signal, AbortSignal.timeout(lingerMs)]));
}

async function lastWords(receiver: OtlpExport): Promise<string | undefined> {
  const problem = await receiver
    .close()
    .catch((error: unknown) => (error instanceof Error ? error.message : 'unknown'));
  return problem === undefined ? undefined : `Metrics could not be sent: ${problem}`;
}
