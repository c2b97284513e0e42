import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { versionedDirectories } from '../../harness/target/find-executable.js';
import { freePort } from '../../harness/target/free-port.js';

const binaries = versionedDirectories('/usr/lib/postgresql', 'bin');

/** A PostgreSQL server that plateau did not start, whose log goes to a file. @returns its address and the text of its log */
export async function startPostgres(): Promise<{ url: string; log: () => string }> {
  const directory = mkdtempSync(join(tmpdir(), 'plateau-test-'));
  const owner = ownerOfServers();
  if (owner !== undefined) chownSync(directory, owner.uid, owner.gid);
  const data = join(directory, 'data');
  execFileSync(join(binaries[0]!, 'initdb'), ['-D', data, '-A', 'trust', '-U', 'postgres', '--no-sync'], {
    ...owner,
    cwd: directory,
  });
  const port = await freePort();
  const logFile = join(directory, 'log');
  const server = spawn(
    join(binaries[0]!, 'postgres'),
    ['-D', data, '-k', directory, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'fsync=off'],
    { ...owner, cwd: directory, stdio: ['ignore', 'ignore', openSync(logFile, 'a')] },
  );
  onTestFinished(async () => {
    const ended = once(server, 'exit');
    server.kill('SIGQUIT');
    await ended;
    rmSync(directory, { recursive: true });
  });
  const log = () => readFileSync(logFile, 'utf8');
  await vi.waitFor(
    () => {
      if (!log().includes('ready to accept connections')) throw new Error(log());
    },
    { timeout: 30_000 },
  );
  return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, log };
}

/** PostgreSQL refuses to run as root. */
function ownerOfServers(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const idOf = (option: string) => Number(execFileSync('id', [option, 'postgres']));
  return { uid: idOf('-u'), gid: idOf('-g') };
}
