import type { SampleTable } from '../../harness/model/sample.js';
import { SampleTableBuilder } from '../../harness/model/sample-table.js';

/** The same numbers in [0, 1) every time (mulberry32). */
export function seededNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const cyclesPerRound = 220;

/** Samples that fit `leakRecord`: 60 rounds, a census every sixth, a null round at the end, four load samples a round. */
export function leakSamples(): SampleTable {
  const random = seededNumbers(41);
  const builder = new SampleTableBuilder();
  for (let round = 0; round < 61; round += 1) {
    const cycles = Math.min(round + 1, 60) * cyclesPerRound;
    const startedMs = round * 200;
    const heap = 6.2e6 + 1_372 * cycles + 2.5e6 * (1 - Math.exp(-cycles / 700));
    for (let part = 0; part < 4 && round < 60; part += 1) {
      const done = round * cyclesPerRound + Math.round((part + 1) * 44);
      builder.add({
        kind: 'load',
        phase: 'measure',
        round,
        elapsedMs: startedMs + (part + 1) * 35,
        cycles: done,
        cyclesByOperation: { branch: done },
        values: {
          heapUsed: Math.round(heap + (1 + part) * 9e6 * (0.7 + random() * 0.6)),
          rss: Math.round(7.1e7 + heap * 0.6 + random() * 4e5),
          cpu: 0.8 + random() * 0.3,
        },
      });
    }
    const phase = round === 60 ? 'null' : round % 6 === 5 ? 'census' : 'measure';
    const disturbed = phase === 'census' ? 130_000 * random() : 0;
    builder.add({
      kind: 'floor',
      phase,
      round,
      elapsedMs: startedMs + 190,
      cycles,
      cyclesByOperation: { branch: cycles },
      values: {
        heapUsed: Math.round(heap + random() * 60_000 + disturbed),
        external: 2_143_110,
        rss: Math.round(7.1e7 + heap * 0.5 + random() * 3e5),
        fds: 24,
        'fds.file': 9,
        'fds.socket': 5,
        handles: cycles < 3_312 ? 12 : 37,
        threads: 11,
        'gauge.commitLocks': cycles,
        cpuIdle: random() * 0.004,
        throughput: 1_100 + random() * 200,
        'latency.branch.create.p99': 3 + random(),
        ...(phase === 'census' && {
          objects: 48_000 + 3 * cycles,
          'objects.CacheEntry': Math.min(256, Math.round(cycles / 9)),
          timers: 2,
          listeners: 41,
        }),
      },
    });
  }
  return builder.table();
}

/** A day at one sample a second of 50 metrics, with a floor every five minutes and one spike of a single sample. */
export function daySamples(): { readonly table: SampleTable; readonly spikeRow: number } {
  const random = seededNumbers(7);
  const builder = new SampleTableBuilder();
  const names = Array.from({ length: 50 }, (_, index) => `gauge.metric${index}`);
  const add = builder.addRows(['op'], names);
  const cells = new Array<number>(51);
  const spikeRow = 51_234;
  for (let row = 0; row < 86_400; row += 1) {
    const kind = row % 300 === 299 ? 'floor' : 'load';
    cells[0] = row * 40;
    for (let index = 0; index < 50; index += 1) {
      const level =
        index % 3 === 0 ? 1e9 + row * 64 + random() * 2e7 : index % 3 === 1 ? 20 + Math.floor(random() * 9) : random();
      cells[index + 1] = kind === 'floor' && index % 3 === 1 ? 20 : level;
    }
    if (row === spikeRow) cells[2] = 9_999;
    add({ kind, phase: 'measure', round: Math.floor(row / 300), elapsedMs: row * 1_000, cycles: row * 40 }, cells, 0);
  }
  return { table: builder.table(), spikeRow };
}
