import { expect, test } from 'vitest';
import { correctAncestors } from '../../../../harness/runtimes/go/call-lines.js';
import { goroutineSites, groupGoroutines } from '../../../../harness/runtimes/go/goroutine-sites.js';
import { heapSites } from '../../../../harness/runtimes/go/heap-sites.js';
import {
  parseGoroutineCount,
  parseGoroutines,
  parseHeapProfile,
} from '../../../../harness/runtimes/go/profile-text.js';

const own = { module: 'example.com/shop', workingDirectory: '/home/me/shop' };

const heap = (rate: number) => `heap profile: 7: 1504 [9: 2000] @ heap/${rate}
5: 1040 [7: 1456] @ 0x47a1 0x47b2
#	0x47a0	main.rememberUser+0x23	/home/me/shop/main.go:35
#	0x47b1	net/http.HandlerFunc.ServeHTTP+0x28	/usr/local/go/src/net/http/server.go:2286

1: 32 [1: 32] @ 0x5001 0x5010
#	0x5000	os.newFile+0x11	/usr/local/go/src/os/file_unix.go:190
#	0x500f	main.openLog+0x11	/home/me/shop/main.go:70

1: 432 [1: 432] @ 0x5002 0x5010
#	0x5001	os.newFile+0x12	/usr/local/go/src/os/file_unix.go:191
#	0x500f	main.openLog+0x11	/home/me/shop/main.go:70

0: 0 [1: 512] @ 0x6000
#	0x6000	main.gone+0x1	/home/me/shop/main.go:90

# runtime.MemStats
# Alloc = 3000
# HeapAlloc = 2345
# HeapObjects = 67
`;

test('every allocation is read with its stack, also of what has gone', () => {
  const profile = parseHeapProfile(heap(2));
  expect(profile).toMatchObject({ heapAllocBytes: 2_345, heapObjects: 67, rateBytes: 1 });
  expect(profile?.records.map(({ objects, bytes }) => [objects, bytes])).toEqual([
    [5, 1_040],
    [1, 32],
    [1, 432],
    [0, 0],
  ]);
  expect(profile?.records[0]?.stack).toEqual([
    { function: 'main.rememberUser', file: '/home/me/shop/main.go', line: 35 },
    {
      function: 'net/http.HandlerFunc.ServeHTTP',
      file: '/usr/local/go/src/net/http/server.go',
      line: 2_286,
    },
  ]);
});

test('entries of a map and its tables are kept apart, although one line makes both', () => {
  const stack = (address: string) =>
    `#\t0x${address}\tmain.track+0x64\t/home/me/shop/main.go:50\n#\t0x7001\tmain.main+0x1\t/home/me/shop/main.go:9\n`;
  const records = [
    `900: 43200 [900: 43200] @ 0x6001 0x7002\n${stack('6000')}`,
    `1: 57344 [1: 57344] @ 0x5001 0x6101 0x7002\n${stack('6100')}`,
    `0: 0 [3: 48000] @ 0x5002 0x6101 0x7002\n${stack('6100')}`,
  ];
  const sites = heapSites(parseHeapProfile(`heap profile: 7: 1 [9: 2] @ heap/2\n${records.join('\n')}`)!, [], own);
  expect(sites).toHaveLength(2);
  expect(new Set(sites.map(({ key }) => key)).size).toBe(2);
  expect(sites.map(({ count, isRoom }) => [count, isRoom])).toEqual([
    [900, undefined],
    [1, true],
  ]);
  expect(sites.map(({ stack: [place] }) => place?.line)).toEqual([50, 50]);
});

test('sampled allocations are scaled to what was allocated', () => {
  const [first] = parseHeapProfile(heap(1_048_576))?.records ?? [];
  expect(first?.objects).toBeCloseTo(5 / (1 - Math.exp(-208 / 524_288)), 3);
  expect(first?.bytes).toBeCloseTo((first?.objects ?? 0) * 208, 3);
});

test('another text is no heap profile', () => {
  expect(parseHeapProfile('<html>404</html>')).toBeUndefined();
});

test('of the objects that one descriptor is made of, one counts as open', () => {
  const sites = heapSites(parseHeapProfile(heap(2))!, [], own);
  expect(sites.map(({ live, kind }) => [kind, live.fds])).toEqual([
    ['allocation-site', undefined],
    ['fd', 1],
    ['allocation-site', undefined],
  ]);
  expect(sites[1]?.stack.find(({ isOwn }) => isOwn)).toMatchObject({ line: 70, function: 'main.openLog' });
});

test('a place that makes objects of several sizes is one site', () => {
  const [head, rest] = heap(2).split('0: 0 [1');
  const other = '2: 64 [2: 64] @ 0x47a1 0x47b2\n#\t0x47a0\tmain.rememberUser+0x23\t/home/me/shop/main.go:35\n\n';
  const alone = '3: 96 [3: 96] @ 0x47a1\n#\t0x47a0\tmain.rememberUser+0x23\t/home/me/shop/main.go:35\n\n';
  const sites = heapSites(parseHeapProfile(`${head}${other}${alone}0: 0 [1${rest}`)!, [], own);
  expect(sites.map(({ count, live }) => [count, live.heapUsed]).at(-1)).toEqual([5, 160]);
});

test('what a library makes on a goroutine of its own is named by what led to the goroutine', () => {
  const profile = `heap profile: 1: 64 [1: 64] @ heap/2
4: 4096 [4: 4096] @ 0x5001 0x5010
#	0x5000	bufio.NewReaderSize+0x11	/usr/local/go/src/bufio/bufio.go:57
#	0x500f	net/http.(*Transport).dialConnFor+0x11	/usr/local/go/src/net/http/transport.go:1648

`;
  const groups = groupGoroutines(parseGoroutines(dialled));
  const [site] = heapSites(parseHeapProfile(profile)!, groups, own);
  expect(site?.stack.find(({ isOwn }) => isOwn)).toMatchObject({ file: '/home/me/shop/profile/fetch.go', line: 15 });
  // Of a server that line serves every request: what names a thing is shown before it.
  expect(site?.isUnspecific).toBe(true);
});

test('goroutines are counted', () => {
  expect(parseGoroutineCount('goroutine profile: total 12\n5 @ 0x1\n')).toBe(12);
  expect(parseGoroutineCount('Unknown profile')).toBeUndefined();
});

const waiting = (id: number, state: string) => `goroutine ${id} [${state}]:
main.watch.func1({0x7d1f40, 0x397304a08780}, 0x5?)
	/home/me/shop/main.go:14 +0x19
created by main.watch in goroutine 1
	/home/me/shop/main.go:13 +0x4f
[originating from goroutine 1]:
main.watch(...)
	/home/me/shop/main.go:13 +0x4f
main.main(...)
	/home/me/shop/main.go:21 +0x10a
`;

test('goroutines of one place are one site, named by their go statement', () => {
  const text = [waiting(8, 'chan receive'), waiting(9, 'chan receive, 2 minutes')].join('\n');
  expect(goroutineSites(groupGoroutines(parseGoroutines(text)), own, 480)).toMatchObject([
    {
      count: 2,
      live: { goroutines: 2, heapUsed: 960, heapObjects: 2 },
      what: 'goroutines (chan receive at main.go:14)',
      stack: [
        { function: 'main.watch', file: '/home/me/shop/main.go', line: 13, isOwn: true },
        { function: 'main.main', line: 21 },
      ],
    },
  ]);
});

test('goroutines of one `go` statement are one site wherever they wait, described by where most do', () => {
  const elsewhere = waiting(10, 'sleep').replace('main.go:14', 'main.go:16');
  const text = [waiting(8, 'chan receive'), waiting(9, 'chan receive'), elsewhere].join('\n');
  const sites = goroutineSites(groupGoroutines(parseGoroutines(text)), own, 480);
  expect(sites.map(({ count, what }) => [count, what])).toEqual([[3, 'goroutines (chan receive at main.go:14)']]);
});

test('a goroutine that the profile of leaked ones marks can never be woken', () => {
  const [site] = goroutineSites(groupGoroutines(parseGoroutines(waiting(8, 'chan receive (leaked)'))), own, 480);
  expect(site?.what).toBe('goroutines that nothing can wake any more (chan receive at main.go:14)');
});

const dialled = `goroutine 19 [select]:
net/http.(*persistConn).readLoop(0x397304a1c140)
	/usr/local/go/src/net/http/transport.go:2450 +0xc05
created by net/http.(*Transport).dialConn in goroutine 9
	/usr/local/go/src/net/http/transport.go:1994 +0x16ac
[originating from goroutine 9]:
net/http.(*Transport).dialConnFor(...)
	/usr/local/go/src/net/http/transport.go:1648 +0xd2
created by net/http.(*Transport).startDialConnForLocked
	/usr/local/go/src/net/http/transport.go:1628 +0x112
[originating from goroutine 1]:
net/http.(*Client).Get(...)
	/usr/local/go/src/net/http/client.go:489 +0x5f
example.com/shop/profile.Fetch(...)
	/home/me/shop/profile/fetch.go:15 +0x27`;

test('a goroutine of a library is named by what its ancestors did in the user’s code', () => {
  const [site] = goroutineSites(groupGoroutines(parseGoroutines(dialled)), own, 480);
  expect(site?.stack.find(({ isOwn }) => isOwn)).toMatchObject({ file: '/home/me/shop/profile/fetch.go', line: 15 });
  expect(site?.what).toBe('goroutines (select in net/http.(*persistConn).readLoop)');
});

test('the line to which an ancestor returns becomes that of the call, where an exact stack has it', () => {
  const place = { function: 'example.com/shop/profile.Fetch', file: '/home/me/shop/profile/fetch.go' };
  const lineOf = (...lines: readonly number[]) =>
    correctAncestors(
      parseGoroutines(dialled),
      lines.map((line) => ({ ...place, line })),
    )[0]?.ancestors.at(-1)?.line;
  expect(lineOf(14, 3)).toBe(14);
  expect(lineOf(15, 14)).toBe(15);
  expect(lineOf(3, 40)).toBe(15);
});

test('a handler that blocks is named by where it waits, not by the server that called it', () => {
  const text = `goroutine 19 [chan receive]:
main.handle({0x7d4a08, 0x397304a08780}, 0x397304a1c500)
	/home/me/shop/main.go:50 +0x1
net/http.(*conn).serve(0x397304a94090, {0x7d5148, 0x397304a84120})
	/usr/local/go/src/net/http/server.go:2103 +0x7f3
created by net/http.(*Server).Serve in goroutine 7
	/usr/local/go/src/net/http/server.go:3464 +0x485
[originating from goroutine 7]:
main.main(...)
	/home/me/shop/main.go:90 +0xd8`;
  const [site] = goroutineSites(groupGoroutines(parseGoroutines(text)), own, 480);
  expect(site?.stack.find(({ isOwn }) => isOwn)).toMatchObject({ line: 50, function: 'main.handle' });
});
