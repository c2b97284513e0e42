import { expect, test } from 'vitest';
import { parseClassHistogram } from '../../../../harness/runtimes/jvm/class-histogram.js';
import { liveSites } from '../../../../harness/runtimes/jvm/live-sites.js';
import { SourceFiles } from '../../../../harness/runtimes/jvm/source-files.js';

const histogram = (sessions: number) =>
  parseClassHistogram(` num     #instances         #bytes  class name (module)
-------------------------------------------------------
   1:          7563         348200  [B (java.base@17.0.15)
   2:          ${sessions}         ${sessions * 24}  Shop$Session
   3:             5            100  Shop$Session
Total         28097        1255672
`)!;

const files = new SourceFiles(undefined);
const frame = (method: string, line: number) => ({ className: 'Shop', method, line });

test('a class of several loaders is counted once', () => {
  expect(histogram(10)).toMatchObject({ objects: 28_097, bytes: 1_255_672 });
  expect(histogram(10).classes.get('Shop$Session')).toEqual({ instances: 15, bytes: 340 });
  expect(parseClassHistogram('Unknown diagnostic command')).toBeUndefined();
});

test('what has come of a class divides among the stacks that were sampled', () => {
  const samples = [frame('open', 3), frame('open', 3), frame('open', 3), frame('copy', 9)].map((place) => ({
    className: 'Shop$Session',
    size: 1,
    allocatedAt: 1,
    stack: [place],
  }));
  const sites = liveSites(histogram(110), histogram(10), { samples, threads: [] }, files);
  expect(sites.map(({ count, live, stack }) => [count, live.heapUsed, stack[0]?.line])).toEqual([
    [75, 1_800, 3],
    [25, 600, 9],
  ]);
  expect(sites[0]).toMatchObject({ what: 'objects of Shop.Session', type: 'Shop$Session', stack: [{ isOwn: true }] });
});

test('arrays divide the bytes of their class by their elements', () => {
  const samples = [
    { className: 'Shop$Session', size: 9, allocatedAt: 1, stack: [frame('upload', 3)] },
    { className: 'Shop$Session', size: 1, allocatedAt: 1, stack: [frame('copy', 9)] },
  ];
  const sites = liveSites(histogram(110), histogram(10), { samples, threads: [] }, files);
  expect(sites.map(({ count, live }) => [count, live.heapUsed])).toEqual([
    [50, 2_160],
    [50, 240],
  ]);
});

test('a class that was not sampled is a site without a place', () => {
  const [site] = liveSites(histogram(110), histogram(10), { samples: [], threads: [] }, files);
  expect(site).toMatchObject({ count: 100, stack: [] });
});

test('threads of one place are one site, whatever their number', () => {
  const threads = ['watcher-1', 'watcher-2'].map((name) => ({ name, stack: [frame('start', 12)] }));
  expect(liveSites(histogram(10), histogram(10), { samples: [], threads }, files)).toMatchObject([
    { what: 'threads like watcher-*', live: { threads: 2 }, kind: 'thread', stack: [{ line: 12 }] },
  ]);
});
