import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

type Frame = [file: string, line: number, column: number, functionName: string];

interface Group {
  readonly kind: string;
  readonly type: string;
  readonly count: number;
  readonly examples: readonly string[];
  readonly stack: readonly Frame[];
}

interface Readings {
  readonly grown: readonly Group[];
  readonly live: readonly Group[];
  readonly later: readonly Group[];
  readonly untouched: { readonly limit: number; readonly formatted: string };
  readonly looks: readonly string[];
  readonly sites: number;
}

const probe = fileURLToPath(new URL('../fixtures/attribution-hooks/probe.mjs', import.meta.url));
const hooks = fileURLToPath(new URL('../../dist/harness/agent/attribution.cjs', import.meta.url));
const lines = readFileSync(probe, 'utf8').split('\n');
const lineOf = (text: string) => lines.findIndex((line) => line.includes(text)) + 1;

/** First line of the probe itself on a stack. */
const placeOf = ({ stack }: Group) => stack.find(([file]) => file.endsWith('/probe.mjs'))?.[1];

describe('the hooks in a target', () => {
  const readings = JSON.parse(execFileSync(process.execPath, [probe, hooks], { encoding: 'utf8' })) as Readings;
  const find = (groups: readonly Group[], kind: string, type: RegExp) =>
    groups.filter((group) => group.kind === kind && type.test(group.type));

  it('tell of what grows, by the line that adds to it, and of nothing of their own', () => {
    expect(find(readings.grown, 'collection', /^Map$/)).toMatchObject([{ count: 200 }]);
    expect(placeOf(find(readings.grown, 'collection', /^Map$/)[0]!)).toBe(lineOf('line of growing'));
    expect(find(readings.grown, 'collection', /Set/)).toEqual([]);
    expect(find(readings.grown, 'listener', /EventEmitter 'tick'/)).toMatchObject([{ count: 200 }]);
    expect(placeOf(find(readings.grown, 'listener', /tick/)[0]!)).toBe(lineOf('line of listeners'));
    expect(find(readings.grown, 'listener', /AbortSignal 'abort'/)).toMatchObject([{ count: 200 }]);
    for (const { stack } of readings.grown) expect(stack[0]?.[0] ?? '').not.toMatch(/^plateau:/);
  });

  it('know where all comes from but the descriptors that the process was started with', () => {
    const unknown = readings.grown.filter(({ stack }) => stack.length === 0).map(({ kind }) => kind);
    expect(new Set(unknown)).toEqual(new Set(['descriptor']));
  });

  it('leave the target its own formatter, limit and method signatures', () => {
    expect(readings.untouched).toEqual({ limit: 7, formatted: 'mine' });
    expect(readings.looks).toEqual(['set/2', 'add/1', 'push/1', 'addListener/2']);
  });

  it('tell of live timers only, unref-ed ones too', () => {
    const timers = readings.live.filter(
      (group) => group.kind === 'timer' && placeOf(group) === lineOf('line of timers'),
    );
    expect(timers.map(({ type, count, examples }) => [type, count, examples[0]])).toEqual([
      ['timeout', 1, '60000 ms'],
      ['interval, unref-ed', 1, '60000 ms'],
    ]);
  });

  it('tell where open descriptors were opened, also by promises and streams, and not of closed ones', () => {
    const own = find(readings.live, 'descriptor', /^file$/).filter(({ examples }) => examples.includes(probe));
    expect(own.map((group) => [placeOf(group), group.count]).sort()).toEqual(
      [
        [lineOf('line of promised open'), 1],
        [lineOf('const descriptor = openSync'), 1],
        [lineOf('line of stream'), 1],
      ].sort(),
    );
  });

  it('learn from what is open which callbacks of Node to follow, so that later ones are known by their line', () => {
    const opened = find(readings.later, 'descriptor', /^file$/).filter(
      ({ stack }) => placeOf({ stack } as Group) === lineOf('line of later streams'),
    );
    expect(opened.map(({ count }) => count)).toEqual([1]);
  });

  it('tell where sockets come from: accepted ones from the server that accepts them', () => {
    const sockets = find(readings.live, 'descriptor', /^socket$/);
    const places = sockets.map(placeOf);
    expect(places).toContain(lineOf('line of client'));
    expect(places).toContain(lineOf('line of server'));
    const client = sockets.find((group) => placeOf(group) === lineOf('line of client'));
    expect(client?.examples[0]).toMatch(/^127\.0\.0\.1:\d+ -> 127\.0\.0\.1:\d+$/);
  });

  it('sample allocations', () => {
    expect(readings.sites).toBeGreaterThan(0);
  });
});
