import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { PlateauError } from '../model/errors.js';
import type { Account } from '../model/runtime.js';
import type { PostgresServer } from '../model/scenario.js';
import { findExecutable, versionedDirectories } from './find-executable.js';
import { freePort } from './free-port.js';
import type { SpawnPlan } from './spawn-target.js';
import type { StartContext } from './start-context.js';

/** Distributions keep the server off the PATH, a directory a version. */
const serverDirectories = () => [
  ...versionedDirectories('/usr/lib/postgresql', 'bin'),
  ...versionedDirectories('/opt/homebrew/opt', 'bin').filter((path) => /\/postgresql(@\d+)?\/bin$/.test(path)),
  '/usr/pgsql/bin',
  '/usr/local/pgsql/bin',
];

/**
 * The cluster is thrown away, so nothing waits for a disk. A small cache is full soon: every page of it that is touched
 * for the first time shows as memory of a process.
 */
const defaultSettings: PostgresServer['settings'] = {
  fsync: false,
  synchronous_commit: false,
  full_page_writes: false,
  shared_buffers: '16MB',
  max_wal_size: '128MB',
  dynamic_shared_memory_type: 'mmap',
};

/**
 * Makes a new cluster (about a second) and says how its server is started.
 * @throws {PlateauError} `PLATEAU_TARGET_START` where none is installed, or it does not make a cluster
 */
export async function postgresPlan(server: PostgresServer, context: StartContext): Promise<SpawnPlan> {
  const { name, baseDirectory, dataDirectory: directory, temporaryDirectory } = context;
  const file = findExecutable({
    name,
    executable: server.executable,
    baseDirectory,
    fileNames: ['postgres'],
    directories: serverDirectories(),
    hint: 'install it (apt-get install postgresql), name it with `postgres: {executable}`, or pass the address of one that runs: {postgres: "postgres://..."}',
  });
  const account = unprivilegedAccount();
  mkdirSync(directory, { mode: 0o700 });
  if (account !== undefined) handOver([directory, temporaryDirectory], account);
  const password = randomBytes(16).toString('hex');
  const cluster = join(directory, 'cluster');
  await makeCluster({ initdb: join(dirname(file), 'initdb'), directory, cluster, password, account, name });
  const port = await freePort();
  const settings = {
    ...defaultSettings,
    ...server.settings,
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: directory,
    // Its log is the target's output.
    logging_collector: false,
    log_destination: 'stderr',
    log_line_prefix: '%m [%p] ',
  };
  return {
    file,
    arguments: ['-D', cluster, ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`])],
    cwd: directory,
    env: { ...(await context.prepareServer?.(account)), ...server.env },
    agent: false,
    ...(account !== undefined && { account }),
    ready: { line: 'database system is ready to accept connections' },
    address: `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
    messages: false,
    // SIGTERM waits until every client has gone.
    stopSignal: 'SIGINT',
    stopTimeoutMs: server.stopTimeoutMs,
  };
}

interface Cluster {
  readonly initdb: string;
  readonly directory: string;
  readonly cluster: string;
  readonly password: string;
  readonly account: Account | undefined;
  readonly name: string;
}

async function makeCluster({ initdb, directory, cluster, password, account, name }: Cluster): Promise<void> {
  const passwordFile = join(directory, 'password');
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (account !== undefined) chownSync(passwordFile, account.uid, account.gid);
  const { failed, exitCode, all } = await execa(
    initdb,
    [
      ...['--pgdata', cluster, '--username', 'postgres', '--pwfile', passwordFile, '--auth', 'scram-sha-256'],
      ...['--encoding', 'UTF8', '--locale', 'C', '--no-instructions', '--no-sync'],
    ],
    { cwd: directory, reject: false, all: true, stdin: 'ignore', ...account },
  );
  rmSync(passwordFile, { force: true });
  if (!failed) return;
  const tail = (all ?? '').trim().split('\n').slice(-20);
  throw new PlateauError(
    'PLATEAU_TARGET_START',
    `target ${name}: ${initdb} made no cluster (exit code ${exitCode ?? 'unknown'}).\n${tail.map((line) => `    ${line}`).join('\n')}`,
    {
      hint: 'correct what it says, or pass the address of a server that runs: {postgres: "postgres://..."}',
    },
  );
}

/** Who owns the cluster, since PostgreSQL refuses to run as root: `postgres`, else `nobody`; `undefined` where plateau is not root. */
function unprivilegedAccount(): Account | undefined {
  if (process.getuid?.() !== 0 || !existsSync('/etc/passwd')) return undefined;
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const named = (user: string) => accounts.find(([name]) => name === user);
  const [, , uid, gid] = named('postgres') ?? named('nobody') ?? [];
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) };
}

/** The account may walk through root's private directory to its own, and sees nothing of what lies beside. */
function handOver(directories: readonly string[], { uid, gid }: Account): void {
  for (const directory of directories) {
    chownSync(directory, uid, gid);
    chmodSync(dirname(directory), 0o711);
  }
}
