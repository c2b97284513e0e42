import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { chooseRuntime } from '../../../../scenarios/cleanroom/target/containers/choose-runtime.js';

const standIn = fileURLToPath(new URL('../../../fixtures/recording-docker.sh', import.meta.url));
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'plateau-docker-'));
  mkdirSync(join(directory, 'bin'));
  symlinkSync(standIn, join(directory, 'bin', 'docker'));
  writeFileSync(join(directory, 'listed'), '');
  vi.stubEnv('PATH', `${join(directory, 'bin')}:${process.env.PATH}`);
  vi.stubEnv('RECORDING_DOCKER_DIRECTORY', directory);
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true, force: true });
});

const choose = () => chooseRuntime('docker', { serviceId: '7-abc', directory });
const list = (...lines: string[]) => writeFileSync(join(directory, 'listed'), lines.join('\n'));
const asked = () => readFileSync(join(directory, 'asked'), 'utf8').trim().split('\n');

test('without an image it is processes, and says why', async () => {
  expect(await choose()).toMatchObject({ runtime: { kind: 'process' }, reason: 'No such image: busybox' });
});

test('processes where nobody asked for Docker', async () => {
  expect(await chooseRuntime('process', { serviceId: '7-abc', directory })).toMatchObject({
    runtime: { kind: 'process' },
  });
});

test('a container, its volume and its network carry the ids of their service and run, and go together', async () => {
  writeFileSync(join(directory, 'image'), '');
  const { runtime } = await choose();
  expect(runtime.kind).toBe('docker');
  const container = await runtime.start({ runId: 'run-1' });
  list(`${container.id} run-1`);
  expect(await runtime.list('run-1')).toEqual([container]);
  expect(await runtime.gone(container, 0)).toBe(false);
  list();
  expect(await runtime.gone(container, 0)).toBe(true);
  await runtime.removeLeftovers(container);
  const labels = '--label cleanroom.service=7-abc --label cleanroom.run=run-1';
  const name = 'cleanroom-7-abc.run-1.1';
  const commands = asked();
  expect(commands).toContain(`volume create ${labels} ${name}`);
  expect(commands).toContain(`network create ${labels} ${name}`);
  expect(commands.find((command) => command.startsWith('run'))).toContain(
    `run --detach --name ${name} --network ${name} --volume ${name}:/state ${labels} busybox`,
  );
  expect(commands.find((command) => command.startsWith('ps'))).toContain(
    '--filter label=cleanroom.service=7-abc --filter label=cleanroom.run=run-1',
  );
  expect(commands.slice(-3)).toEqual([`rm --force ${name}`, `network rm ${name}`, `volume rm --force ${name}`]);
});
