import { expect, test } from 'vitest';
import { parseGoRun } from '../../../../harness/runtimes/go/go-run.js';

const parse = (command: string) => {
  const [file, ...rest] = command.split(' ') as [string, ...string[]];
  return parseGoRun({ file, arguments: rest });
};

test.each([
  ['go run ./cmd/server', [], ['./cmd/server'], []],
  ['/usr/bin/go run . --port 80', [], ['.'], ['--port', '80']],
  ['go run -race -tags dev,x -ldflags=-s ./server a', ['-race', '-tags', 'dev,x', '-ldflags=-s'], ['./server'], ['a']],
  ['go run -C ../shop main.go cart.go serve', ['-C', '../shop'], ['main.go', 'cart.go'], ['serve']],
])('%s', (command, flags, packages, rest) => {
  expect(parse(command)).toEqual({ flags, packages, arguments: rest });
});

test.each([
  './server',
  'go build .',
  'go run',
  'go run example.com/x@latest',
  'go run -exec sudo .',
  'go run -overlay=o.json .',
])('%s is started as it is', (command) => {
  expect(parse(command)).toBeUndefined();
});
