import { expect, test } from 'vitest';
import { readShellWords, withFlag, withSeed } from '../../../../harness/cli/options/shell-words.js';
import { shellWords } from '../../../../harness/model/shell-words.js';

test.each([
  ['node old.js', ['node', 'old.js']],
  ["  npm   run 'build all' ", ['npm', 'run', 'build all']],
  [String.raw`a\ b "c \"d\" $e" ''`, ['a b', 'c "d" $e', '']],
  [`--before ''`, ['--before', '']],
])('%s', (line, words) => {
  expect(readShellWords(line)).toEqual(words);
});

test('what is written is read back', () => {
  const words = ['plateau', 'ab', "it's", '', 'a b', '--after', '$HOME', '\\', '"'];
  expect(readShellWords(shellWords(words))).toEqual(words);
});

test('an open quote is reported', () => {
  expect(() => readShellWords("node 'old.js")).toThrow(/every quote to be closed, got 'old.js/);
});

test('a seed is added once, before what is handed on', () => {
  expect(withSeed('plateau bisect x.mjs -- npm run build', 41)).toBe('plateau bisect x.mjs --seed 41 -- npm run build');
  expect(withSeed('plateau ab x.mjs --seed 7', 41)).toBe('plateau ab x.mjs --seed 7');
  expect(withSeed('plateau bisect x.mjs -- build --seed 7', 41)).toBe(
    'plateau bisect x.mjs --seed 41 -- build --seed 7',
  );
  expect(withFlag('plateau bisect x.mjs -- b', '--restart')).toBe('plateau bisect x.mjs --restart -- b');
});
