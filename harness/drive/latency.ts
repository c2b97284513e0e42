import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';
import type { PhaseLatency } from '../model/agent-protocol.js';

const microsecondsMax = 3_600_000_000;

/** HDR histograms of one phase (Node's own, native memory of fixed size): of the round and of the whole run. */
export class LatencyRecorder {
  private readonly ofRound = newHistogram();
  private readonly ofRun = newHistogram();

  record(durationMs: number): void {
    this.ofRound.record(Math.min(microsecondsMax, Math.max(1, Math.round(durationMs * 1_000))));
  }

  /** What the round was like, and the whole run with it; begins the next round. */
  endRound(): { readonly round: PhaseLatency; readonly run: PhaseLatency } {
    const round = summary(this.ofRound);
    this.ofRun.add(this.ofRound);
    this.ofRound.reset();
    return { round, run: summary(this.ofRun) };
  }
}

function newHistogram(): RecordableHistogram {
  return createHistogram({ lowest: 1, highest: microsecondsMax, figures: 3 });
}

function summary(histogram: RecordableHistogram): PhaseLatency {
  if (histogram.count === 0) return { count: 0, p50: 0, p90: 0, p99: 0, max: 0 };
  const ms = (microseconds: number) => microseconds / 1_000;
  return {
    count: histogram.count,
    p50: ms(histogram.percentile(50)),
    p90: ms(histogram.percentile(90)),
    p99: ms(histogram.percentile(99)),
    max: ms(histogram.max),
  };
}
