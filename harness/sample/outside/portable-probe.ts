import { existsSync } from 'node:fs';
import pidusage from 'pidusage';
import type { MetricValues } from '../../model/agent-protocol.js';
import type { Clock } from '../../platform/clock.js';
import type { OutsideProbe, OutsideTarget, UnavailableMetric } from './outside-probe.js';
import { countTemporaryFiles } from './temporary-files.js';
import { UnavailableMetrics } from './unavailable-metrics.js';

const onlyFromProc = ['rssAnonymous', 'pss', 'uss', 'fds', 'fds.*', 'sockets.*', 'threads', 'children'];

/** Where there is no `/proc`: resident memory and CPU by pidusage, of the one process. */
export class PortableProbe implements OutsideProbe {
  readonly descendants = [];
  private readonly missing = new UnavailableMetrics();

  constructor(
    private readonly target: OutsideTarget,
    private readonly clock: Clock,
    private readonly usesPidusage: boolean,
  ) {
    for (const metric of onlyFromProc) this.missing.missing(metric, 'there is no /proc of this pid namespace');
  }

  async read({ detail }: { detail: 'light' | 'floor' }): Promise<MetricValues> {
    const values: MetricValues = {};
    const usage = await this.usage();
    const reason = `process ${this.target.pid} cannot be read without /proc`;
    this.missing.note(values, 'rss', usage?.memory, reason);
    this.missing.note(values, 'cpu', usage === undefined ? undefined : usage.cpu / 100, reason);
    const { temporaryDirectory } = this.target;
    if (detail === 'floor' && temporaryDirectory !== undefined && existsSync(temporaryDirectory)) {
      this.missing.note(values, 'tempFiles', countTemporaryFiles(temporaryDirectory), 'too many files to count');
    }
    return values;
  }

  /** pidusage gives CPU since it was last asked. */
  async measureIdleCpu(windowMs: number, signal?: AbortSignal): Promise<number | undefined> {
    await this.usage();
    await this.clock.wait(windowMs, signal);
    const usage = await this.usage();
    return usage === undefined ? undefined : usage.cpu / 100;
  }

  watchCpu(): () => undefined {
    return () => undefined;
  }

  watchPeakMemory(): () => undefined {
    return () => undefined;
  }

  killedForMemory(): undefined {
    return undefined;
  }

  unavailable(): UnavailableMetric[] {
    return this.missing.list();
  }

  close(): void {
    pidusage.clear();
  }

  private async usage(): Promise<{ memory: number; cpu: number } | undefined> {
    if (!this.usesPidusage) return undefined;
    return pidusage(this.target.pid).catch(() => undefined);
  }
}
