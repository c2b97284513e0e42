import { expect, test } from 'vitest';
import {
  firstKnownFrame,
  isForeign,
  isInterpreter,
  lacksLines,
  makesTask,
  type PlacedFrame,
  placeWords,
  stackFrameOf,
  startsThread,
} from '../../../../harness/runtimes/native/frames.js';

const frame = (file: string, module = '/srv/app/server'): PlacedFrame => ({ file, line: 7, function: 'work', module });

test.each([
  ['src/main.rs', '/srv/app/src/main.rs'],
  ['/srv/app/./lib/../server.c', '/srv/app/server.c'],
])('%s is the own code of the user', (file, absolute) => {
  expect(stackFrameOf(frame(file), '/srv/app')).toEqual({ file: absolute, line: 7, function: 'work', isOwn: true });
});

test.each([
  ['/home/u/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/dashmap-6.1.0/src/lib.rs', 'dashmap@6.1.0'],
  ['/home/u/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/tokio-util-0.7.11/src/a.rs', 'tokio-util@0.7.11'],
  ['/home/u/.cargo/git/checkouts/iroh-2f1a4bb0c3d5/9f8e7d6/src/lib.rs', 'iroh@9f8e7d6'],
  ['/srv/node_modules/@scope/addon/src/addon.cc', '@scope/addon'],
  ['/srv/node_modules/one/node_modules/two/addon.cc', 'two'],
  ['/usr/include/boost/smart_ptr.hpp', 'boost'],
  ['/usr/include/x86_64-linux-gnu/curl/curl.h', 'curl'],
])('%s is of the package %s', (file, name) => {
  expect(stackFrameOf(frame(file), '/srv')).toMatchObject({ package: name, isOwn: false });
});

test('a library of the system is a package', () => {
  const library = '/usr/lib/x86_64-linux-gnu/libcrypto.so.3';
  expect(stackFrameOf(frame('crypto/mem.c', library), '/srv')).toMatchObject({ package: 'libcrypto', isOwn: false });
});

test.each([
  frame('/rustc/9fc6b43126469e3858e2fe86cafb4f0fd5068869/library/alloc/src/alloc.rs'),
  frame('/home/u/.rustup/toolchains/stable/lib/rustlib/src/rust/library/std/src/thread.rs'),
  frame('/rust/deps/hashbrown-0.15.5/src/raw/mod.rs'),
  frame('/usr/include/c++/12/bits/new_allocator.h'),
  frame('/usr/include/x86_64-linux-gnu/bits/stdio.h'),
  frame('./string/strdup.c', '/lib/x86_64-linux-gnu/libc.so.6'),
  frame('/build/deps/uv/src/unix/async.c', '/usr/local/bin/node'),
  { function: 'work', module: '/srv/app/server' },
])('what no user would look at is left out', (hidden) => {
  expect(stackFrameOf(hidden, '/srv')).toBeUndefined();
});

test('what Go adds to a call of C is left out, and its name is that of the call', () => {
  const called = { ...frame('cgo-gcc-prolog'), function: '_cgo_7b1c2d_Cfunc__Cmalloc' };
  const ofGo = { ...frame('/usr/local/go/src/runtime/asm_amd64.s'), function: 'runtime.asmcgocall.abi0' };
  expect([called, ofGo].map((hidden) => stackFrameOf(hidden, '/srv'))).toEqual([undefined, undefined]);
  expect(placeWords(called)).toBe('`C.malloc` in server');
  expect(placeWords({ ...called, function: '_cgo_7b1c2d_Cfunc_render' })).toBe('`C.render` in server');
});

test.each([
  ['v8::internal::MemoryAllocator::AllocatePage(v8::internal::Space*)', true],
  ['v8::internal::BackingStore::Allocate(v8::internal::Isolate*, unsigned long)', false],
])('pages of a heap have metrics of their own: %s is theirs: %s', (name, expected) => {
  expect(isForeign({ function: name, module: '/usr/local/bin/node' })).toBe(expected);
});

test.each([
  ['pthread_create', true],
  ['__pthread_create_2_1', true],
  ['pthread_createpool', false],
])('%s starts a thread: %s', (name, expected) => {
  expect(startsThread({ function: name, module: '/lib/x86_64-linux-gnu/libc.so.6' })).toBe(expected);
});

test('a name that the compiler made says nothing', () => {
  expect(stackFrameOf({ ...frame('src/jobs.rs'), function: '{async_fn#0}' }, '/srv')).toEqual({
    file: '/srv/src/jobs.rs',
    line: 7,
    isOwn: true,
  });
});

test.each([
  ['/home/u/.cargo/registry/src/index.crates.io-1/tokio-1.54.1/src/runtime/task/core.rs', true],
  ['/home/u/.cargo/registry/src/index.crates.io-1/tokio-1.54.1/src/time/interval.rs', false],
  ['/srv/app/src/runtime/task/core.rs', false],
])('%s makes a task of tokio: %s', (file, expected) => {
  expect(makesTask({ file, line: 1, isOwn: false })).toBe(expected);
});

test('without lines, the innermost function that a user may know is shown', () => {
  const module = '/srv/app/server';
  const frames = ['__rust_alloc', 'alloc::vec::Vec<T>::push', '<alloc::string::String as core::clone::Clone>::clone'];
  const named = [...frames, 'server::remember', 'main'].map((name): PlacedFrame => ({ function: name, module }));
  expect(firstKnownFrame(named)).toMatchObject({ function: 'server::remember' });
});

test('what calls of Python lead to is its extension or its library, not the interpreter', () => {
  const interpreter = '/usr/lib/x86_64-linux-gnu/libpython3.11.so.1.0';
  const bridge = '/usr/lib/python3.11/lib-dynload/_ctypes.cpython-311-x86_64-linux-gnu.so';
  const named = (...modules: string[]) => modules.map((module): PlacedFrame => ({ function: 'work', module }));
  expect(firstKnownFrame(named('/usr/lib/libffi.so.8', bridge))).toMatchObject({ module: bridge });
  expect(['/usr/bin/python3.11', interpreter, bridge].map(isInterpreter)).toEqual([true, true, false]);
  expect(stackFrameOf(frame('/build/Modules/_ctypes/callproc.c', bridge), '/srv')).toBeUndefined();
  expect(
    stackFrameOf(frame('src/parse.c', '/srv/venv/lib/python3.11/site-packages/lxml/etree.so'), '/srv'),
  ).toMatchObject({
    package: 'lxml',
  });
});

test('a program lacks lines also where those of the C library are installed', () => {
  const program: PlacedFrame = { function: 'main', module: '/srv/app/server' };
  const library = frame('./csu/../sysdeps/nptl/libc_start_call_main.h', '/lib/x86_64-linux-gnu/libc.so.6');
  expect(lacksLines([program, library])).toBe(true);
  expect(lacksLines([program, library, frame('server.c')])).toBe(false);
  expect(lacksLines([library])).toBe(false);
});
