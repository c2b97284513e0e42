import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import pidusage from 'pidusage';
import { agentEnvironment, type MetricValues } from '../../model/agent-protocol.js';
import type { CapabilityCheck } from '../../model/doctor-report.js';
import { metricDefinition } from '../../model/metric.js';
import { formatOwnerMark, livenessOf, ownIdentity, seesProcesses } from '../../platform/process-identity.js';
import { findProcessTree, readOwnerMark } from '../../platform/process-tree.js';
import { readCpu } from '../outside/cpu-meter.js';
import { createOutsideProbe } from '../outside/create-outside-probe.js';
import { countsDescriptorsBySize } from '../outside/process-reader.js';
import { type Capability, checkCapability, limited, missing, ok } from './capability.js';

const runId = 'doctor';

/** What can be seen of another process, tried on one that is started for it. */
export async function checkProcesses(): Promise<CapabilityCheck[]> {
  if (!seesProcesses()) return [await checkProcessTable(), await checkPidusage()];
  const subject = await startSubject();
  try {
    return [await checkProcessTable(), ...(await checkReadings(subject.pid)), await checkMarks(subject.pid)];
  } finally {
    subject.end();
  }
}

/** Holds at least one of everything that is to be seen. Its child ends when the pipe between them does. */
const subjectScript = `
const child = require('node:child_process').spawn(
  process.execPath, ['-e', 'process.stdin.resume().on("end", () => process.exit())'], { stdio: ['pipe', 'ignore', 'ignore'] });
globalThis.file = require('node:fs').openSync(process.execPath);
child.once('spawn', () => require('node:net').createServer().listen(0, '127.0.0.1', () => console.log('ready')));
`;

/** A process that idles until it is ended, and that the next sweep would find if this one is killed before. */
async function startSubject(): Promise<{ pid: number; end(): void }> {
  const child = spawn(process.execPath, ['-e', subjectScript], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, [agentEnvironment.owner]: formatOwnerMark(runId) },
  });
  const ready = once(child.stdout, 'data').then(() => true);
  const ended = once(child, 'exit').then(() => false);
  if (!(await Promise.race([ready, ended]))) throw new Error(`${process.execPath} ended at once`);
  return { pid: child.pid as number, end: () => void child.kill('SIGKILL') };
}

function checkProcessTable(): Promise<CapabilityCheck> {
  return checkCapability(
    {
      capability: '/proc',
      group: 'processes',
      purpose: 'rss, descriptors, sockets, threads and children of targets, whatever they are written in',
      loss: 'fds, sockets, threads, children, pss and uss are not judged; rss and CPU come from pidusage',
      remedy: existsSync('/proc/self') ? 'mount /proc of this pid namespace (unshare --mount-proc)' : 'run on Linux',
    },
    () => {
      if (seesProcesses())
        return ok(`boot ${ownIdentity().bootId.slice(0, 8)}, pid namespace ${ownIdentity().pidNamespace}`);
      return missing(existsSync('/proc/self') ? 'it shows another pid namespace' : `${process.platform} has none`);
    },
  );
}

function checkPidusage(): Promise<CapabilityCheck> {
  return checkCapability(
    {
      capability: 'pidusage',
      group: 'processes',
      purpose: 'rss and CPU where there is no /proc',
      loss: 'nothing of a target that is not Node is seen',
      remedy: 'mount /proc (Linux), or allow plateau to start `ps` (macOS) or `gwmi` (Windows)',
    },
    async () => {
      if (process.platform === 'linux') return missing('it reads /proc too');
      return ok(`${Math.round((await pidusage(process.pid)).memory / 2 ** 20)} MiB for this process`);
    },
  );
}

interface Reading extends Omit<Capability, 'group'> {
  /** What a floor must show at least. */
  readonly atLeast: MetricValues;
}

const anotherUser = 'run plateau as the user of the target';

const readings: readonly Reading[] = [
  {
    capability: 'memory of a process',
    atLeast: { rss: 1, rssAnonymous: 1, threads: 1 },
    purpose: 'rss and threads, read for 9 us of CPU',
    loss: 'rss and threads are not judged',
    remedy: anotherUser,
  },
  {
    capability: 'smaps_rollup',
    atLeast: { pss: 1, uss: 1 },
    purpose: 'pss and uss: memory with shared pages distinguished',
    loss: 'pss and uss are not shown; rss still is',
    remedy: `${anotherUser}; needs Linux 4.14 with CONFIG_PROC_PAGE_MONITOR, and no sandbox such as gVisor`,
  },
  {
    capability: 'descriptors of a process',
    atLeast: { fds: 3, 'fds.file': 1, 'fds.pipe': 1 },
    purpose: 'fds and fds.<kind>',
    loss: 'leaked descriptors are not seen',
    remedy: `${anotherUser}, or grant CAP_SYS_PTRACE`,
  },
  {
    capability: 'socket tables',
    atLeast: { 'fds.tcp': 1, 'sockets.listen': 1 },
    purpose: 'fds.tcp, fds.udp, fds.unix and sockets.<state>',
    loss: 'all sockets count as fds.socket, and their states are not seen',
    remedy: 'allow /proc/PID/net to be read',
  },
  {
    capability: 'process tree',
    atLeast: { children: 1 },
    purpose: 'children, zombies too, and sums over the tree of a wrapper such as npm',
    loss: 'leaked processes are not seen',
    remedy: 'mount /proc without hidepid',
  },
];

async function checkReadings(pid: number): Promise<CapabilityCheck[]> {
  const probe = createOutsideProbe({ pid, wholeTree: false });
  const values = await probe.read({ detail: 'floor' });
  const unavailable = probe.unavailable();
  probe.close();
  const checks = readings.map(({ atLeast, ...capability }) =>
    checkCapability({ ...capability, group: 'processes' }, () => {
      const names = Object.keys(atLeast);
      const lacking = names.find((name) => !((values[name] ?? 0) >= (atLeast[name] as number)));
      if (lacking === undefined) return ok(names.map((name) => describe(name, values[name] as number)).join(', '));
      const reason = unavailable.find(
        ({ metric }) => metric === lacking || metric === `${lacking.split('.')[0]}.*`,
      )?.reason;
      return missing(reason ?? `${lacking}: expected ${atLeast[lacking]} or more, got ${values[lacking] ?? 'nothing'}`);
    }),
  );
  return [...(await Promise.all(checks)), await checkDescriptorCount(), await checkCpu(pid)];
}

function describe(metric: string, value: number): string {
  const isSize = metricDefinition(metric)?.unit === 'B';
  return `${metric} ${isSize ? `${(value / 2 ** 20).toFixed(1)} MiB` : value}`;
}

function checkDescriptorCount(): Promise<CapabilityCheck> {
  return checkCapability(
    {
      capability: 'descriptor count',
      group: 'processes',
      purpose: 'fds at every load sample, for 3 us however many there are',
      loss: 'counting lists them: about 1 us a descriptor and sample',
      remedy: 'Linux 6.2 or newer',
    },
    () =>
      countsDescriptorsBySize()
        ? ok('the size of /proc/PID/fd')
        : limited('the size of /proc/PID/fd is not their number'),
  );
}

function checkCpu(pid: number): Promise<CapabilityCheck> {
  return checkCapability(
    {
      capability: 'schedstat',
      group: 'processes',
      purpose: 'cpuIdle to 1 % of a core within a fraction of a second',
      loss: 'CPU is known to ticks of 10 ms; spins below a few percent of a core are not seen',
      remedy: 'a kernel with CONFIG_SCHED_INFO',
    },
    () => {
      const threads = readCpu([pid], 0).threadNanoseconds.size;
      return threads > 0 ? ok(`nanoseconds of ${threads} threads`) : limited('the kernel counts no nanoseconds');
    },
  );
}

function checkMarks(pid: number): Promise<CapabilityCheck> {
  return checkCapability(
    {
      capability: 'marks of processes',
      group: 'processes',
      purpose: 'processes that a killed run left behind are ended at the next start, and never those of a living one',
      loss: 'what leaves the process group of a killed run goes on until you end it',
      remedy: 'allow /proc/PID/environ of own processes to be read',
    },
    () => {
      const mark = readOwnerMark(pid);
      if (mark?.runId !== runId || livenessOf(mark.owner) !== 'alive')
        return missing('the environment of a child cannot be read');
      const found = findProcessTree({ pid: process.pid, startTime: ownIdentity().startTime }, runId).some(
        (found) => found.pid === pid,
      );
      return found ? ok('a child was found by its environment') : missing('a child was not found by its environment');
    },
  );
}
