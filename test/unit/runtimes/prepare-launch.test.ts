import { expect, test } from 'vitest';
import type { Launch, Runtime } from '../../../harness/model/runtime.js';
import { prepareLaunch } from '../../../harness/runtimes/prepare-launch.js';

const launch: Launch = {
  file: 'serve',
  arguments: ['--port', '1'],
  workingDirectory: '/srv',
  environment: { LD_PRELOAD: '/lib/own.so' },
  purpose: 'measure',
  directory: '/nowhere',
};

const runtime = (prepare: NonNullable<Runtime['prepare']>): Runtime => ({
  name: 'any',
  memory: 'manual',
  detect: () => false,
  prepare,
  connect: () => Promise.reject(new Error('never connected')),
});

const preload = (library: string) =>
  runtime(({ environment }) =>
    Promise.resolve({ environment: { LD_PRELOAD: `${environment.LD_PRELOAD} ${library}` }, warnings: [library] }),
  );

test('runtimes that extend one variable keep what was there and what the others add', async () => {
  expect(await prepareLaunch([preload('/a.so'), preload('/b.so')], launch)).toEqual({
    environment: { LD_PRELOAD: '/lib/own.so /a.so /b.so' },
    command: ['serve', '--port', '1'],
    warnings: ['/a.so', '/b.so'],
  });
});

test('a runtime may replace the command, and the next one sees that', async () => {
  const wrap = runtime((wrapped) => Promise.resolve({ command: ['wrap', wrapped.file, ...wrapped.arguments] }));
  const { command } = await prepareLaunch([wrap, wrap], launch);
  expect(command).toEqual(['wrap', 'wrap', 'serve', '--port', '1']);
});
