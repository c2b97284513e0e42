import { describe, expect, it } from 'vitest';
import { hasEnded, parseProcessStat, readProcessStat } from '../../../harness/platform/process-stat.js';
import { parseAuxiliaryVector } from '../../../harness/platform/process-units.js';

const tail =
  'S 41 42 43 0 -1 4194304 100 200 1 2 77 33 5 6 20 0 11 0 987654 1073741824 2560 18446744073709551615 1 1 0 0';

describe('parseProcessStat', () => {
  it('reads every field', () => {
    expect(parseProcessStat(Buffer.from(`1234 (node) ${tail}\n`))).toEqual({
      pid: 1234,
      name: 'node',
      state: 'S',
      parentPid: 41,
      processGroup: 42,
      session: 43,
      userTicks: 77,
      systemTicks: 33,
      childrenTicks: 11,
      threads: 11,
      startTime: 987_654,
      residentPages: 2560,
    });
  });

  it.each(['a b', 'x) S 1 2 3 (y', ')', '((', 'line\nbreak', 'naïve'])('is not led astray by the name %j', (name) => {
    expect(parseProcessStat(Buffer.from(`7 (${name}) ${tail}`))).toMatchObject({ pid: 7, name, parentPid: 41 });
  });

  it('reads no further than the line', () => {
    const line = `7 (node) ${tail}`;
    const buffer = Buffer.from(`${line}) Z 9 9 9`);
    expect(parseProcessStat(buffer, line.length)).toMatchObject({ name: 'node', state: 'S' });
  });

  it.each(['', '7 (node', '7 (node)', '7 (node) S 1 2 3'])('refuses the cut line %j', (line) => {
    expect(parseProcessStat(Buffer.from(line))).toBeUndefined();
  });

  it('shows ended processes from others', () => {
    const stateOf = (state: string) => parseProcessStat(Buffer.from(`7 (node) ${tail.replace('S', state)}`))!;
    expect(['R', 'S', 'D', 'T', 'Z', 'X'].filter((state) => hasEnded(stateOf(state)))).toEqual(['Z', 'X']);
  });
});

describe.runIf(process.platform === 'linux')('readProcessStat', () => {
  it('agrees with what Node says of this process', () => {
    expect(readProcessStat('self')).toMatchObject({ pid: process.pid, parentPid: process.ppid });
  });

  it('has nothing to say of a process that does not exist', () => {
    expect(readProcessStat(2 ** 30)).toBeUndefined();
  });
});

describe('parseAuxiliaryVector', () => {
  const entries = [
    [33, 0x7fff_0000],
    [6, 16_384],
    [17, 250],
    [0, 0],
  ] as const;

  it('reads words of 64 bits', () => {
    const bytes = Buffer.alloc(entries.length * 16);
    for (const [index, [key, value]] of entries.entries()) {
      bytes.writeBigUInt64LE(BigInt(key), index * 16);
      bytes.writeBigUInt64LE(BigInt(value), index * 16 + 8);
    }
    expect(parseAuxiliaryVector(bytes, 'arm64')).toEqual({ pageBytes: 16_384, ticksPerSecond: 250 });
  });

  it('reads words of 32 bits', () => {
    const bytes = Buffer.alloc(entries.length * 8);
    for (const [index, pair] of entries.entries()) {
      for (const [place, value] of pair.entries()) bytes.writeUInt32LE(value, index * 8 + place * 4);
    }
    expect(parseAuxiliaryVector(bytes, 'arm')).toEqual({ pageBytes: 16_384, ticksPerSecond: 250 });
  });

  it('falls back on the usual values', () => {
    expect(parseAuxiliaryVector(Buffer.alloc(0), 'x64')).toEqual({ pageBytes: 4096, ticksPerSecond: 100 });
  });
});
