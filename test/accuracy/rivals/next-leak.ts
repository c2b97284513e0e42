import { differences, evenly, type Rival } from './rival.js';

const loads = 4;
const gateBytesMin = 256 * 1024;
const gateBytesPerThousand = 51.2 * 1024;
const drawdownMax = 0.1;

function largestDrawdown(values: readonly number[]): number {
  let highest = Number.NEGATIVE_INFINITY;
  let largest = 0;
  for (const value of values) {
    highest = Math.max(highest, value);
    largest = Math.max(largest, highest - value);
  }
  return largest;
}

/** next-leak 0.5.1: four loads, the first difference dropped, the others against a gate that grows with the requests. */
export const nextLeak: Rival = {
  name: 'next-leak',
  source: 'next-leak 0.5.1: gate max(256 KiB, 51.2 KiB x requests / 1000) a load',
  judge: ({ cycles, heapUsed }) => {
    const levels = evenly(heapUsed, loads + 1).slice(1);
    const deltas = differences(levels);
    const requests = (cycles.at(-1)! - cycles[0]!) / loads;
    const gate = Math.max(gateBytesMin, (gateBytesPerThousand * requests) / 1000);
    const mean = deltas.reduce((sum, delta) => sum + delta, 0) / deltas.length;
    if (deltas.every((delta) => delta >= gate)) return 'leak';
    const net = levels.at(-1)! - levels[0]!;
    const several = deltas.filter((delta) => delta >= gate).length >= 2 && mean >= gate;
    if (several && largestDrawdown(levels) <= drawdownMax * net) return 'leak';
    return deltas.some((delta) => delta <= 0) || mean < gate ? 'plateau' : 'inconclusive';
  },
};
