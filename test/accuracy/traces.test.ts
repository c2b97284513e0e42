import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { kinds } from './kinds.js';
import { powerSection } from './power-section.js';
import { rivals } from './rivals/index.js';
import { readTraces } from './trace.js';
import { judgeAllChannels, judgeHeap, rivalSeriesOf } from './trace-judges.js';

const traces = readTraces(join(import.meta.dirname, 'traces'));
const truthOf = (kind: string) => kinds[kind]!.truth;

describe('recorded services', () => {
  test('are all there', () => {
    expect(traces.length).toBeGreaterThan(250);
    expect(traces.filter(({ kind }) => !(kind in kinds))).toEqual([]);
  });

  test('none that does not leak is called a leak, on any column', () => {
    const wrong = traces.filter(
      (trace) => truthOf(trace.kind) !== 'leak' && judgeAllChannels(trace).verdict === 'leak',
    );
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  test('every quiescent leak of 64 B a cycle and more is found', () => {
    const leaks = traces.filter(({ protocol, kind }) => protocol === 'q' && (kinds[kind]!.bytesPerCycle ?? 0) >= 64);
    expect(leaks.length).toBeGreaterThan(12);
    expect(leaks.map((trace) => judgeHeap(trace).verdict)).toEqual(leaks.map(() => 'leak'));
  });

  test('leaks that the heap does not show are found in their own column', () => {
    for (const [kind, metric] of [
      ['fd', 'fds'],
      ['timer', 'res'],
      ['native', 'arrayBuffers'],
    ] as const)
      for (const trace of traces.filter((candidate) => candidate.protocol === 'q' && candidate.kind === kind)) {
        const finding = judgeAllChannels(trace).findings.find((candidate) => candidate.metric === metric);
        expect(finding?.verdict, trace.name).toBe('leak');
      }
  });

  test('at least nine sound quiescent services in ten level off, sawtooths aside', () => {
    const sound = traces.filter(({ protocol, kind }) => protocol === 'q' && ['stable', 'jit', 'step'].includes(kind));
    const levelled = sound.filter((trace) => judgeHeap(trace).verdict === 'plateau');
    expect(levelled.length / sound.length).toBeGreaterThan(0.9);
  });

  test('the interpreter alone shows 1 B a cycle', () => {
    const leaks = traces.filter(({ protocol, kind }) => protocol === 'jitless' && kind === 'leak1');
    expect(leaks.map((trace) => judgeHeap(trace).verdict)).toEqual(leaks.map(() => 'leak'));
  });

  test('slopes added to sound traces are found from 10 B a cycle, and never missed', () => {
    expect(powerSection(traces).failures).toEqual([]);
  });
});

test('rivals see the leaks that anybody would', () => {
  const large = traces.filter(({ protocol, kind }) => protocol === 'q' && kind === 'leak10k');
  for (const rival of rivals.filter(({ name }) => name !== 'fuite'))
    expect(
      large.map((trace) => rival.judge(rivalSeriesOf(trace))),
      rival.name,
    ).toEqual(large.map(() => 'leak'));
  const counted = traces.filter(({ protocol, kind }) => protocol === 'qx' && kind === 'native');
  expect(
    counted.some((trace) => rivals.find(({ name }) => name === 'fuite')!.judge(rivalSeriesOf(trace)) === 'leak'),
  ).toBe(true);
});
