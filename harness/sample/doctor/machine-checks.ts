import { execFile } from 'node:child_process';
import { accessSync, constants, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { availableParallelism, freemem, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { CapabilityCheck } from '../../model/doctor-report.js';
import { readProcFile } from '../../platform/process-stat.js';
import { checkCapability, type Examination, limited, missing, ok } from './capability.js';

const execute = promisify(execFile);

const memoryWantedBytes = 2 ** 30;
const spaceWantedBytes = 2 ** 28;
const openFilesWanted = 4096;
/** `TMPFS_MAGIC` of linux/magic.h. */
const memoryFileSystem = 0x01021994;
const answerTimeoutMs = 2_000;

/** Room to work in. */
export function checkMachine(): Promise<CapabilityCheck[]> {
  const group = 'machine' as const;
  return Promise.all([
    checkCapability(
      {
        capability: 'cores',
        group,
        purpose: 'plateau and the target run side by side',
        loss: 'driving takes time from the target; throughput and latency are not those of the target alone',
        remedy: 'two cores or more',
      },
      () => (availableParallelism() >= 2 ? ok : limited)(`${availableParallelism()} available`),
    ),
    checkCapability(
      {
        capability: 'free memory',
        group,
        purpose: 'heap snapshots of a leaking target take twelve times its heap',
        loss: 'targets that leak fast may be ended by the kernel, and no snapshot names the holder',
        remedy: '1 GiB free for plateau and target',
      },
      examineMemory,
    ),
    checkCapability(
      {
        capability: 'open files',
        group,
        purpose: 'targets that leak descriptors are judged before they run into the limit',
        loss: 'a target fails after that many, perhaps before enough rounds were seen',
        remedy: `ulimit -n ${openFilesWanted} before plateau starts`,
      },
      examineOpenFiles,
    ),
    checkCapability(
      {
        capability: 'temporary directory',
        group,
        purpose: "the target's own TMPDIR, and tempFiles",
        loss: 'targets cannot be started',
        remedy: 'set TMPDIR to a directory that is writable and has 256 MiB',
      },
      () => examineTemporaryDirectory(tmpdir()),
    ),
    checkCapability(
      {
        capability: 'working directory',
        group,
        purpose: 'runs are stored in .plateau below it',
        loss: 'runs cannot be stored',
        remedy: 'pass --out with a directory that is writable',
      },
      () => examineWritable(resolve()),
    ),
  ]);
}

function examineMemory(): Examination {
  // Within a container the machine's memory is not the limit; 0 and huge values mean that there is none.
  const constrainedBytes = process.constrainedMemory();
  const limit = constrainedBytes > 0 && constrainedBytes < 2 ** 50 ? `, limited to ${mebibytes(constrainedBytes)}` : '';
  const freeBytes = limit === '' ? freemem() : Math.min(freemem(), constrainedBytes - process.memoryUsage.rss());
  return (freeBytes >= memoryWantedBytes ? ok : limited)(`${mebibytes(freeBytes)} free${limit}`);
}

/** Node raises its own limit to the hard one, and what it starts inherits that. */
function examineOpenFiles(): Examination {
  const line = /^Max open files +(\S+)/m.exec(readProcFile('/proc/self/limits')?.toString() ?? '');
  if (line === null) return ok('no limit is reported');
  const limit = line[1] === 'unlimited' ? Number.POSITIVE_INFINITY : Number(line[1]);
  return (limit >= openFilesWanted ? ok : limited)(`${line[1]} a process`);
}

function examineTemporaryDirectory(directory: string): Examination {
  const path = join(directory, `plateau-doctor-${process.pid}`);
  writeFileSync(path, '', { flag: 'wx' });
  rmSync(path);
  const { type, bavail, bsize } = statfsSync(directory);
  const inMemory = type === memoryFileSystem ? ', held in memory (tmpfs)' : '';
  return (bavail * bsize >= spaceWantedBytes ? ok : limited)(
    `${directory}: ${mebibytes(bavail * bsize)} free${inMemory}`,
  );
}

function examineWritable(directory: string): Examination {
  accessSync(directory, constants.W_OK);
  return ok(directory);
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20).toLocaleString('en')} MiB`;
}

/** What single commands or built-in scenarios use. */
export function checkOptional(): Promise<CapabilityCheck[]> {
  const group = 'optional' as const;
  return Promise.all([
    checkCapability(
      {
        capability: 'git',
        group,
        purpose: 'ab and bisect between commits',
        loss: 'commits cannot be compared; runs and commands can',
        remedy: 'install git',
      },
      async () => ok((await execute('git', ['--version'], { timeout: answerTimeoutMs })).stdout.trim()),
    ),
    checkCapability(
      {
        capability: 'Docker',
        group,
        purpose: 'real containers in the built-in cleanroom scenarios',
        loss: 'processes stand in for containers',
        remedy: 'start a Docker daemon, or set DOCKER_HOST to its socket',
      },
      examineDocker,
    ),
  ]);
}

function examineDocker(): Promise<Examination> {
  const host = process.env.DOCKER_HOST ?? '';
  const fallback = process.platform === 'win32' ? '//./pipe/docker_engine' : '/var/run/docker.sock';
  const socketPath = host.startsWith('unix://') ? host.slice('unix://'.length) : fallback;
  return new Promise((settle) => {
    const asked = request({ socketPath, path: '/_ping', timeout: answerTimeoutMs }, (response) => {
      response.resume();
      const version = String(response.headers['api-version'] ?? 'unknown');
      settle(
        response.statusCode === 200
          ? ok(`${socketPath}, API ${version}`)
          : missing(`${socketPath} answers ${response.statusCode}`),
      );
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer')));
    asked.on('error', (error) => settle(missing(`${socketPath}: ${error.message}`)));
    asked.end();
  });
}
