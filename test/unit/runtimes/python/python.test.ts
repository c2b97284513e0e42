import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { OwnCode } from '../../../../harness/runtimes/python/own-code.js';
import { isolatingOption, isPython, versionOf } from '../../../../harness/runtimes/python/python-process.js';
import { type PythonReading, runtimeReading } from '../../../../harness/runtimes/python/python-reading.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

const processOf = (executable: string, mappedFiles: string[] = []) => ({
  pid: 1,
  arguments: [],
  executable,
  mappedFiles,
});

test.each([
  ['/usr/bin/python3.11', [], '3.11'],
  ['/opt/python/bin/python3', [], undefined],
  ['/usr/bin/python3.13t', [], '3.13'],
  ['/usr/bin/uwsgi', ['/usr/lib/libpython3.9.so.1.0'], '3.9'],
])('%s is Python', (executable, mapped, version) => {
  expect(isPython(processOf(executable, mapped))).toBe(true);
  expect(versionOf(processOf(executable, mapped))).toBe(version);
});

test.each(['/usr/bin/pythonista', '/usr/bin/node', '/usr/bin/bash'])('%s is not', (executable) => {
  expect(isPython(processOf(executable))).toBe(false);
});

test.each([
  ['python3 -I app.py', '-I'],
  ['python3 -uE app.py', '-E'],
  ['python3 -X dev -S -m app', '-S'],
  ['python3 -Wignore -Im app', '-I'],
  ['python3 app.py -I', undefined],
  ['python3 -m app -I', undefined],
  ['python3 -c import -I', undefined],
  ['python3 -W error::ImportWarning app.py', undefined],
  ['python3 -Werror::ImportWarning app.py', undefined],
  ['python3 -X importtime app.py', undefined],
])('%s is isolated by %s', (command, option) => {
  expect(isolatingOption({ arguments: command.split(' ') })).toBe(option);
});

test('a frame is the target’s own, of the library, or of a package with its version', () => {
  const packages = join(temporaryDirectory(), 'site-packages');
  for (const name of ['PyYAML-6.0.1.dist-info', 'my_pool-1.2-py3.11.egg-info']) {
    mkdirSync(join(packages, name), { recursive: true });
  }
  const code = new OwnCode(['/usr/lib/python3.11']);
  const describe = (file: string) => {
    const { isOwn, package: name } = code.frame([file, 3, null]);
    return [isOwn, name];
  };
  expect(describe('/srv/app/main.py')).toEqual([true, undefined]);
  expect(describe('/usr/lib/python3.11/json/decoder.py')).toEqual([false, undefined]);
  expect(describe('<frozen importlib._bootstrap>')).toEqual([false, undefined]);
  expect(describe(`${packages}/my_pool/pool.py`)).toEqual([false, 'my_pool@1.2']);
  expect(describe(`${packages}/pyyaml/a.py`)).toEqual([false, 'pyyaml@6.0.1']);
  expect(describe(`${packages}/six.py`)).toEqual([false, 'six']);
});

const reading: PythonReading = {
  sites: [
    { stack: [['/srv/app.py', 7, 'login']], bytes: 480, count: 10 },
    { stack: [['/srv/app.py', 9, 'login']], bytes: 48, count: 1, type: 'bytes' },
  ],
  things: [
    { kind: 'fd', metrics: ['fds', 'fds.tcp'], what: 'socket.socket', count: 3, stack: [['/srv/app.py', 12, 'dial']] },
    { kind: 'call', metrics: ['tasks'], what: 'beat|/srv/app.py|20', count: 4, stack: [['/srv/app.py', 15, 'join']] },
    { kind: 'thread', metrics: ['threads'], what: 'watch', count: 1, stack: [['/srv/app.py', 17, 'start']] },
  ],
  holders: [
    {
      path: ['app', '.store', '.sessions'],
      entries: 10,
      type: 'dict',
      container: 'dict',
      numbers: [['maxsize', 5000, true]],
      places: [[['/srv/app.py', 7]]],
    },
  ],
  collects: false,
};

test('a reading becomes sites with their keepers, and holders with their paths', () => {
  const { sites, holders, warnings } = runtimeReading(reading, new OwnCode([]));
  expect(sites.map(({ kind, what, live, heldBy }) => [kind, what, live, heldBy])).toEqual([
    ['allocation-site', '`dict` objects', { heapUsed: 480, objects: 10 }, 'app.store.sessions'],
    ['allocation-site', '`bytes` objects', { heapUsed: 48, objects: 1 }, undefined],
    ['fd', '`socket.socket` objects', { fds: 3, 'fds.tcp': 3 }, undefined],
    ['call', 'tasks of `beat` (waiting at app.py:20)', { tasks: 4 }, undefined],
    ['thread', 'threads that run `watch`', { threads: 1 }, undefined],
  ]);
  expect(holders).toEqual([
    {
      key: 'app.store.sessions',
      description: 'app.store.sessions',
      path: ['app', '.store', '.sessions: dict'],
      entries: 10,
      type: 'dict',
      numbers: [{ name: 'maxsize', value: 5000, isNear: true }],
    },
  ]);
  expect(warnings).toEqual([
    'the target has switched garbage collection off: objects in cycles stay until it collects them itself',
  ]);
});
