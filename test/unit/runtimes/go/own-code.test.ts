import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { toStackFrame } from '../../../../harness/runtimes/go/own-code.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

const own = { module: 'example.com/shop', workingDirectory: '/home/me/shop' };

test.each([
  ['main.main', '/home/me/shop/main.go', true],
  ['example.com/shop/cart.(*Cart).Add', '/home/me/shop/cart/cart.go', true],
  ['example.com/shop/cart.(*Cart).Add', 'example.com/shop/cart/cart.go', true],
  ['example.com/lib.Do', '/home/me/lib/lib.go', true],
  ['net/http.(*conn).serve', '/usr/local/go/src/net/http/server.go', false],
  ['net/http.(*conn).serve', 'net/http/server.go', false],
  ['internal/bytealg.MakeNoZero', '/usr/local/go/src/runtime/slice.go', false],
  ['runtime.main', '/usr/lib/go-1.26/src/runtime/proc.go', false],
  ['github.com/x/y.Do', '/root/go/pkg/mod/github.com/x/y@v1.2.3/y.go', false],
  ['github.com/x/y.Do', 'github.com/x/y@v1.2.3/y.go', false],
  ['gopkg.in/yaml%2ev3.Do', '/home/me/shop/vendor/gopkg.in/yaml.v3/yaml.go', false],
  ['main.plateauServe', '/home/me/shop/plateau_agent.go', false],
  ['main._Cfunc_open', '_cgo_gotypes.go', false],
])('%s in %s: own code %s', (name, file, isOwn) => {
  expect(toStackFrame({ function: name, file, line: 1 }, own).isOwn).toBe(isOwn);
});

test('a module whose path has no dot is own code by its path', () => {
  const frame = { function: 'shop/cart.Add', file: '/home/me/go/src/shop/cart/cart.go', line: 1 };
  expect(toStackFrame(frame, { ...own, module: 'shop' }).isOwn).toBe(true);
});

test('a file without its directory is found in the module around the working directory', () => {
  const root = temporaryDirectory();
  mkdirSync(join(root, 'cmd/server'), { recursive: true });
  writeFileSync(join(root, 'go.mod'), 'module example.com/shop\n');
  writeFileSync(join(root, 'cart.go'), 'package shop\n');
  const frame = { function: 'example.com/shop.Add', file: 'example.com/shop/cart.go', line: 1 };
  const inside = { module: 'example.com/shop', workingDirectory: join(root, 'cmd/server') };
  expect(toStackFrame(frame, inside).file).toBe(join(root, 'cart.go'));
  expect(toStackFrame({ ...frame, file: 'example.com/shop/gone.go' }, inside).file).toBe('example.com/shop/gone.go');
});
