import { expect, test } from 'vitest';
import { monitoredCommand } from '../../../../harness/runtimes/redis/monitored-command.js';
import { trimIn } from '../../../../harness/runtimes/redis/trim-command.js';

const line = (...words: readonly string[]) =>
  `1339518083.107412 [0 127.0.0.1:60866] ${words.map((word) => `"${word}"`).join(' ')}`;
const entriesMaxOf = (...words: readonly string[]) => trimIn(line(...words))?.entriesMax;

test.each([
  [['LTRIM', 'feed:1', '0', '20'], 21],
  [['ltrim', 'feed:1', '-100', '-1'], 100],
  [['LTRIM', 'feed:1', '1', '-1'], undefined],
  [['LTRIM', 'feed:1', '5', '2'], undefined],
  [['ZREMRANGEBYRANK', 'seen', '0', '-101'], 100],
  [['ZREMRANGEBYRANK', 'seen', '500', '-1'], 500],
  [['ZREMRANGEBYRANK', 'seen', '0', '9'], undefined],
  [['XADD', 'events', 'MAXLEN', '1000', '*', 'order', '7'], 1_000],
  [['XADD', 'events', 'NOMKSTREAM', 'MAXLEN', '=', '1000', '*', 'order', '7'], 1_000],
  [['XADD', 'events', 'MAXLEN', '~', '1000', '*', 'order', '7'], 1_100],
  [['XADD', 'events', '*', 'MAXLEN', '7'], undefined],
  [['XADD', 'events', 'MINID', '1000', '*', 'order', '7'], undefined],
  [['XTRIM', 'events', 'MAXLEN', '200'], 200],
  [['RPUSH', 'feed:1', 'LTRIM'], undefined],
])('%s leaves so many entries: %s', (words, entriesMax) => {
  expect(entriesMaxOf(...words)).toBe(entriesMax);
});

test('a key is read as bytes, and in which database it is, also where a script cuts it', () => {
  const monitored = String.raw`1339518083.107412 [3 lua] "LTRIM" "\xc3\xa9\"q\\\n" "0" "9"`;
  expect(trimIn(monitored)).toMatchObject({ database: 3, key: '\u00c3\u00a9"q\\\n', command: 'LTRIM', entriesMax: 10 });
});

test('what is no line of MONITOR is no command', () => {
  expect(monitoredCommand('OK', new Set(['OK']))).toBeUndefined();
});
