import type { MetricValues } from '../../model/agent-protocol.js';
import type { CostLimiter } from './cost-limiter.js';
import { type DescriptorScan, scanDescriptors } from './descriptor-scan.js';
import type { UnavailableMetrics } from './unavailable-metrics.js';

/** Descriptors whose kinds are looked up at every floor; above, as often as the limits below let it. */
const fewDescriptors = 2_000;
const scanShare = 0.02;
const scanShareWhenChanged = 0.2;

/** Kinds and states that are there at every floor, so that the first leaked one is growth from 0 and not a new series. */
const usualKinds = ['file', 'directory', 'deleted', 'pipe', 'tcp', 'udp', 'unix'];
const usualStates = ['listen', 'established', 'closeWait'];

/** Counts descriptors by kind and sockets by state, as often as their number lets it. */
export class DescriptorKinds {
  private readonly kinds = new Set(usualKinds);
  private readonly states = new Set(usualStates);
  private scannedDescriptors = -1;

  constructor(
    private readonly pid: number,
    private readonly limit: CostLimiter,
    private readonly unavailable: UnavailableMetrics,
  ) {}

  /** Adds `fds.<kind>` and `sockets.<state>` of all processes together, where `values.fds` is known. */
  add(values: MetricValues, pids: readonly number[]): void {
    const count = values.fds ?? 0;
    const share = count === this.scannedDescriptors ? scanShare : scanShareWhenChanged;
    if (count >= fewDescriptors && !this.limit.allows(share)) return;
    let scan: DescriptorScan;
    try {
      scan = this.limit.measure(() => scanDescriptors(pids));
    } catch (error) {
      const reason = `/proc/${this.pid}/fd: ${(error as Error).message}`;
      for (const metric of ['fds.*', 'sockets.*']) this.unavailable.missing(metric, reason);
      return;
    }
    this.scannedDescriptors = count;
    this.unavailable.present('fds.*');
    addCounts(
      values,
      'fds',
      this.kinds,
      scan.descriptors.map(({ kind }) => kind),
    );
    if (!scan.socketsKnown) {
      this.unavailable.missing('sockets.*', `/proc/${this.pid}/net may not be read`);
      return;
    }
    this.unavailable.present('sockets.*');
    addCounts(
      values,
      'sockets',
      this.states,
      scan.descriptors.flatMap(({ socket }) => socket?.state ?? []),
    );
  }
}

/** Counts names under `family.<name>`; names that were ever seen are 0 when they are gone. */
function addCounts(values: MetricValues, family: string, known: Set<string>, names: readonly string[]): void {
  for (const name of known) values[`${family}.${name}`] = 0;
  for (const name of names) {
    known.add(name);
    values[`${family}.${name}`] = (values[`${family}.${name}`] ?? 0) + 1;
  }
}
