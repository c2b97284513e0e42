import type { MetricValues } from '../../model/agent-protocol.js';
import { metricDefinition } from '../../model/metric.js';
import type { LiveSeries, RunListener, RunProgress, RunStage } from '../../model/run-options.js';
import type { Finding } from '../../model/run-record.js';

const floorsMax = 60;
const shown = [
  'heapUsed',
  'arrayBuffers',
  'nativeUsed',
  'rss',
  'fds',
  'handles',
  'threads',
  'children',
  'objects',
] as const;
const gaugesMax = 6;

/** What the listener receives of a run; keeps the last floors of a few metrics. */
export class LiveProgress {
  stage: RunStage = 'starting';
  undecided: readonly string[] = [];
  cyclesWanted: number | undefined;
  restLeftMs: number | undefined;
  /** Of the last look. */
  findings: readonly Finding[] = [];
  private readonly floors = new Map<string, number[]>();

  constructor(
    private readonly listener: RunListener | undefined,
    private readonly identity: { readonly scenario: string; readonly runId: string },
  ) {}

  addFloor(values: MetricValues): void {
    const gauges = Object.keys(values).filter((name) => name.startsWith('gauge.'));
    for (const name of [...shown, ...gauges.slice(0, gaugesMax)]) {
      const value = values[name];
      if (value === undefined) continue;
      const judged = name === 'heapUsed' ? value - (values.heapCode ?? 0) : value;
      const series = this.floors.get(name) ?? [];
      series.push(judged);
      if (series.length > floorsMax) series.shift();
      this.floors.set(name, series);
    }
  }

  show(now: Pick<RunProgress, 'round' | 'cycles' | 'failed' | 'cyclesPerSecond' | 'elapsedMs'>): void {
    const progress: RunProgress = {
      ...this.identity,
      ...now,
      stage: this.stage,
      ...(this.cyclesWanted !== undefined && { cyclesWanted: this.cyclesWanted }),
      ...(this.restLeftMs !== undefined && { restLeftMs: this.restLeftMs }),
      undecided: this.undecided,
      series: [...this.floors].map(([metric, floors]) => this.seriesOf(metric, floors)),
    };
    try {
      this.listener?.onProgress?.(progress);
    } catch {
      // A listener that fails must not end the run.
    }
  }

  private seriesOf(metric: string, floors: readonly number[]): LiveSeries {
    const finding = this.findings.find((candidate) => candidate.metric === metric);
    return {
      metric,
      unit: metricDefinition(metric)?.unit ?? '',
      floors,
      ...(finding !== undefined && { slope: finding.slope }),
    };
  }
}
