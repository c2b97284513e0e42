import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { CapabilityCheck, DoctorReport } from '../../harness/model/doctor-report.js';

const fixture = fileURLToPath(new URL('../fixtures/examine-machine.mts', import.meta.url));
const run = promisify(execFile);

async function examine(
  options: { prefix?: readonly string[]; env?: Record<string, string> } = {},
): Promise<DoctorReport> {
  const command = [...(options.prefix ?? []), process.execPath, '--import', 'tsx', fixture];
  const { stdout } = await run(command[0] as string, command.slice(1), { env: { ...process.env, ...options.env } });
  return JSON.parse(stdout) as DoctorReport;
}

function find(report: DoctorReport, capability: string): CapabilityCheck {
  const check = report.checks.find((entry) => entry.capability === capability);
  if (check === undefined) throw new Error(`no check ${capability}`);
  return check;
}

const canUnshare = spawnSync('unshare', ['--pid', '--fork', 'true']).status === 0;

describe('doctor', () => {
  it('finds on this machine what the other tests use', async () => {
    const report = await examine();
    const needed = [
      'garbage collection',
      'object census',
      'allocation sampling',
      'event-loop delay',
      'temporary directory',
    ];
    const onLinux = [
      '/proc',
      'memory of a process',
      'descriptors of a process',
      'socket tables',
      'process tree',
      'marks of processes',
    ];
    const names = process.platform === 'linux' ? [...needed, ...onLinux] : needed;
    expect(names.filter((name) => find(report, name).status !== 'ok')).toEqual([]);
    expect(report.machine.node).toBe(process.version);
  });

  it('shows what is lost and how to get it of everything that is not there, and only of that', async () => {
    const { checks } = await examine({ env: { DOCKER_HOST: 'unix:///proc/nowhere/docker.sock' } });
    for (const { status, loss, remedy } of checks) {
      expect([loss === undefined, remedy === undefined]).toEqual([status === 'ok', status === 'ok']);
    }
    expect(checks.some(({ status }) => status === 'missing')).toBe(true);
  });

  it('misses a temporary directory that does not exist, and is not complete then', async () => {
    const report = await examine({ env: { EXAMINED_TMPDIR: '/proc/nowhere' } });
    expect(find(report, 'temporary directory')).toMatchObject({
      status: 'missing',
      detail: expect.stringContaining('ENOENT'),
    });
    expect(report.complete).toBe(false);
  });

  it('finds a Docker daemon that answers', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'plateau-test-'));
    const socket = join(directory, 'docker.sock');
    const server = createServer((_request, response) => response.writeHead(200, { 'api-version': '1.47' }).end('OK'));
    onTestFinished(() => {
      server.close();
      rmSync(directory, { recursive: true });
    });
    await once(server.listen(socket), 'listening');
    const report = await examine({ env: { DOCKER_HOST: `unix://${socket}` } });
    expect(find(report, 'Docker')).toMatchObject({ status: 'ok', detail: `${socket}, API 1.47` });
  });

  it.runIf(process.platform === 'linux')('finds a low limit of open files', async () => {
    const report = await examine({ prefix: ['sh', '-c', 'ulimit -n 512; exec "$@"', 'sh'] });
    expect(find(report, 'open files')).toMatchObject({ status: 'limited', detail: '512 a process' });
  });

  it.runIf(canUnshare)('does not take the processes of another pid namespace for its own', async () => {
    const report = await examine({ prefix: ['unshare', '--pid', '--fork'] });
    expect(find(report, '/proc')).toMatchObject({ status: 'missing', detail: 'it shows another pid namespace' });
    expect(report.complete).toBe(false);
  });
});
