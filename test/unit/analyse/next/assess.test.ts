import { describe, expect, test } from 'vitest';
import { judge } from '../../../../harness/analyse/judge.js';
import { assess } from '../../../../harness/analyse/next/assess.js';
import type { Progress } from '../../../../harness/model/judgement.js';
import type { StoredRun } from '../../../../harness/model/run-log.js';
import { type FloorPlace, heapFloor, type SyntheticRun, syntheticRun } from '../../../support/synthetic-run.js';

/** The run as it stood after its first `rows` samples. */
function until(run: StoredRun, rows: number): StoredRun {
  const { samples } = run;
  const cut = (columns: ReadonlyMap<string, Float64Array>) =>
    new Map([...columns].map(([name, values]) => [name, values.subarray(0, rows)]));
  return {
    ...run,
    samples: {
      length: rows,
      kinds: samples.kinds.slice(0, rows),
      phases: samples.phases.slice(0, rows),
      rounds: samples.rounds.subarray(0, rows),
      elapsedMs: samples.elapsedMs.subarray(0, rows),
      cycles: samples.cycles.subarray(0, rows),
      cyclesByOperation: cut(samples.cyclesByOperation),
      metrics: cut(samples.metrics),
    },
  };
}

/** What is answered after each floor, until the loop may stop. */
function follow(plan: SyntheticRun): {
  readonly floors: number;
  readonly answers: readonly Progress[];
  readonly run: StoredRun;
} {
  const run = syntheticRun(plan);
  const answers: Progress[] = [];
  for (let rows = 1; rows <= run.samples.length; rows += 1) {
    answers.push(assess(until(run, rows)));
    if (answers.at(-1)!.state === 'decided') return { floors: rows, answers, run: until(run, rows) };
  }
  return { floors: run.samples.length, answers, run };
}

/** Collections at moments that nobody chose: nothing can be said of bytes for long. */
const restless = ({ random }: Parameters<typeof heapFloor>[0]) => 8e6 + 4e6 * random();
const sound = { fds: () => 23, heapUsed: heapFloor };

describe('while a run goes on', () => {
  test('nothing is decided before the first look at thirty floors', () => {
    const { answers } = follow({ floors: 29, metrics: { ...sound, fds: ({ cycles }) => cycles } });
    expect(answers.every(({ state }) => state === 'continue')).toBe(true);
  });

  test('a plain leak is decided at the first look', () => {
    const leaking = { heapUsed: (place: Parameters<typeof heapFloor>[0]) => heapFloor(place) + 2_000 * place.cycles };
    const { floors, run, answers } = follow({ floors: 90, metrics: leaking });
    expect(floors).toBe(30);
    const last = answers.at(-1)!;
    expect(last.state === 'decided' && last.judgement.verdict).toBe('leak');
    expect(judge(run)).toEqual(last.state === 'decided' && last.judgement);
  });

  test('a plateau waits until its budget is sharp, where cycles are cheap', () => {
    const { floors, answers } = follow({ floors: 300, metrics: sound });
    expect(floors).toBeGreaterThan(30);
    expect(floors).toBeLessThan(120);
    const last = answers.at(-1)!;
    expect(last.state === 'decided' && last.judgement.verdict).toBe('plateau');
  });

  test('slow cycles are not waited for without end', () => {
    const { run, answers } = follow({
      floors: 300,
      cyclesPerRound: 6,
      msPerCycle: 10,
      metrics: { fds: () => 23, heapUsed: ({ random }) => 8e6 + 9_000 * random() },
    });
    expect(answers.at(-1)!.state).toBe('decided');
    expect(run.samples.elapsedMs.at(-1)).toBeLessThan(25_000);
  });

  test('a target that is never at rest between slow cycles is reported before there are thirty floors', () => {
    const slow = (cpuIdle: number) =>
      follow({ floors: 29, cyclesPerRound: 2, msPerCycle: 700, metrics: { ...sound, cpuIdle: () => cpuIdle } });
    const { floors, answers } = slow(0.9);
    const last = answers.at(-1)!;
    expect(last.state === 'decided' && last.judgement.verdict).toBe('spinning');
    expect(floors).toBeGreaterThan(10);
    expect(floors).toBeLessThan(20);
    expect(slow(0.01).answers.every(({ state }) => state === 'continue')).toBe(true);
  });

  test('what piles up in a target that never rests is judged before the run ends', () => {
    const spinning = (handles: (place: FloorPlace) => number) =>
      follow({
        floors: 60,
        cyclesPerRound: 30,
        msPerCycle: 50,
        metrics: { ...sound, cpuIdle: () => 0.9, handles },
      }).answers.at(-1)!;
    const piled = spinning(({ cycles }) => 10 + cycles);
    expect(piled.state === 'decided' && piled.judgement).toMatchObject({ verdict: 'leak' });
    expect(piled.state === 'decided' && piled.judgement.findings[0]?.metric).toBe('handles');
    const level = spinning(() => 10);
    expect(level.state === 'decided' && level.judgement.verdict).toBe('spinning');
  });

  test('the cycles that are wanted grow until it is decided, and the undecided metrics are named', () => {
    const { answers } = follow({
      floors: 60,
      settleMs: 400,
      cyclesPerRound: 60,
      parameters: { universe: 'fresh' },
      metrics: { heapUsed: (place) => heapFloor(place) + 700 * place.cycles },
    });
    const looks = answers.filter((progress) => progress.state === 'continue' && progress.undecided.length > 0);
    expect(looks.length).toBeGreaterThan(1);
    for (const look of looks)
      if (look.state === 'continue') {
        expect(look.undecided).toEqual(['heapUsed']);
        expect(look.cyclesWanted).toBeGreaterThan(1_000);
      }
  });

  test('a leak of threads ends the run at once, whatever else is open', () => {
    const { floors, answers } = follow({
      floors: 90,
      cyclesPerRound: 3,
      metrics: { threads: ({ cycles }) => 11 + cycles, heapUsed: heapFloor },
    });
    const last = answers.at(-1)!;
    expect(last.state === 'decided' && last.judgement.verdict).toBe('leak');
    expect(floors).toBeLessThanOrEqual(40);
  });

  test('a leak that is established does not wait for the other metrics beyond twice its cycles', () => {
    const { floors } = follow({
      floors: 400,
      metrics: {
        fds: ({ cycles }) => 20 + cycles,
        heapUsed: restless,
      },
    });
    expect(floors).toBeLessThanOrEqual(80);
  });

  test('rounds of the census wait only for what they count', () => {
    const { floors, answers } = follow({
      floors: 100,
      phaseOf: (floor) => (floor < 60 ? 'measure' : 'census'),
      metrics: {
        heapUsed: restless,
        objects: ({ floor }) => (floor < 60 ? Number.NaN : 8_000),
      },
    });
    expect(answers[59]!.state).toBe('continue');
    expect(floors).toBeLessThan(80);
  });

  test('a run that nothing but swings keeps undecided is to rest after twenty seconds', () => {
    const { answers } = follow({ floors: 60, settleMs: 400, metrics: { heapUsed: restless } });
    expect(answers.at(-1)).toMatchObject({ state: 'continue', undecided: ['heapUsed'], next: 'rest' });
    const early = follow({ floors: 60, settleMs: 20, metrics: { heapUsed: restless } });
    expect(early.answers.at(-1)).toMatchObject({ state: 'continue', undecided: ['heapUsed'], next: 'drive' });
  });

  test('after a rest, the run becomes twice as long before the next one', () => {
    const phaseOf = (floor: number) => (floor === 50 ? ('rest' as const) : ('measure' as const));
    const { answers } = follow({ floors: 140, settleMs: 400, phaseOf, metrics: { heapUsed: restless } });
    const rests = answers.flatMap((answer, row) =>
      answer.state === 'continue' && answer.next === 'rest' ? [row] : [],
    );
    expect(rests.some((row) => row < 50)).toBe(true);
    expect(rests.filter((row) => row > 50 && row < 100)).toEqual([]);
    expect(rests.some((row) => row > 100)).toBe(true);
  });

  test('a run that has not distinguished a fill from a leak drives on', () => {
    const { answers } = follow({
      floors: 60,
      settleMs: 400,
      cyclesPerRound: 60,
      parameters: { universe: 'fresh' },
      metrics: { heapUsed: (place) => heapFloor(place) + 700 * place.cycles },
    });
    expect(answers.at(-1)).toMatchObject({ state: 'continue', next: 'drive' });
  });

  /** An array of one pointer a cycle: its table grows by half when it is full. */
  const listeners = (place: FloorPlace) => {
    let places = 16;
    while (places < place.cycles) places += (places >> 1) + 16;
    return heapFloor(place) + 8 * places;
  };
  const slow = { floors: 120, cyclesPerRound: 400, msPerCycle: 0.4 };

  test('bytes that grow by about their budget are counted before they are driven for minutes', () => {
    const { answers, run } = follow({ ...slow, metrics: { heapUsed: listeners } });
    const counts = answers.findIndex((answer) => answer.state === 'continue' && answer.next === 'count');
    expect(counts).toBeGreaterThan(0);
    expect(run.samples.elapsedMs[counts]).toBeGreaterThan(12_000);
    expect(run.samples.elapsedMs[counts]).toBeLessThan(20_000);
    const sound = follow({ ...slow, metrics: { heapUsed: heapFloor } });
    expect(sound.answers.filter((answer) => answer.state === 'continue' && answer.next === 'count')).toEqual([]);
  });

  test('growth of warming up, within a budget that is wide since cycles are few, is driven on', () => {
    const warming = ({ cycles, random }: FloorPlace) => 3_150_000 + 170 * cycles + 1_000 * random();
    const { answers } = follow({
      floors: 54,
      cyclesPerRound: 4,
      msPerCycle: 30,
      settleMs: 130,
      metrics: { heapUsed: heapFloor, nativeUsed: warming },
    });
    const after = answers.filter((answer) => answer.state === 'continue' && answer.undecided.includes('nativeUsed'));
    expect(after).not.toEqual([]);
    expect(answers.filter((answer) => answer.state === 'continue' && answer.next === 'count')).toEqual([]);
  });

  test('a run is counted once while it is driven, and what that left open is not driven for', () => {
    const { answers } = follow({
      ...slow,
      floors: 300,
      phaseOf: (floor) => (floor >= 80 && floor < 90 ? 'census' : 'measure'),
      metrics: {
        heapUsed: (place) => heapFloor(place) + (place.floor < 90 ? 12 * place.cycles : 0),
        objects: ({ floor, random }) => (floor >= 80 && floor < 90 ? 9_000 + 4_000 * random() : Number.NaN),
      },
    });
    const later = answers.slice(90);
    expect(later.filter((answer) => answer.state === 'continue' && answer.next === 'count')).toEqual([]);
    const undecided = later.flatMap((answer) => (answer.state === 'continue' ? answer.undecided : []));
    expect(undecided).not.toContain('objects');
    expect(answers.at(-1)!.state).toBe('decided');
  });
});
