import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { CapabilityCheck } from '../../model/doctor-report.js';
import { type Capability, checkCapability, type Examination, missing, ok } from './capability.js';

const execute = promisify(execFile);
const answerTimeoutMs = 30_000;

/** Tries in a fresh process what the agent does in a target; prints `{<name>: {ok, detail}}`. */
const script = `
const v8 = require('node:v8');
const vm = require('node:vm');
const results = {};
const attempt = (name, action) => {
  try { results[name] = { ok: true, detail: String(action()) }; }
  catch (error) { results[name] = { ok: false, detail: String(error && error.message || error) }; }
};
const post = (session, method, params) => {
  let answer;
  session.post(method, params, (error, result) => { if (error) throw new Error(error.message); answer = result; });
  return answer;
};
attempt('collection', () => {
  v8.setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc');
  let planted = new Array(1048576).fill(1.5);
  const before = v8.getHeapStatistics().used_heap_size;
  planted = planted.length > 0 ? undefined : planted;
  collect();
  const freed = before - v8.getHeapStatistics().used_heap_size;
  if (freed < 4194304) throw new Error('gc() freed ' + freed + ' of 8388608 bytes');
  return 'gc() took a planted 8 MiB away';
});
attempt('census', () => {
  const { Session } = require('node:inspector');
  const session = new Session();
  session.connect();
  class PlateauCanary {}
  globalThis.canaries = Array.from({ length: 321 }, () => new PlateauCanary());
  const { result } = post(session, 'Runtime.evaluate', { expression: 'canaries[0].constructor.prototype' });
  const { objects } = post(session, 'Runtime.queryObjects', { prototypeObjectId: result.objectId });
  const count = post(session, 'Runtime.callFunctionOn', { objectId: objects.objectId, functionDeclaration: 'function () { return this.length; }', returnByValue: true }).result.value;
  session.disconnect();
  if (count !== 321) throw new Error('counted ' + count + ' of 321 objects');
  return 'counted 321 of 321 objects';
});
attempt('allocation', () => {
  const { Session } = require('node:inspector');
  const session = new Session();
  session.connect();
  post(session, 'HeapProfiler.startSampling', { samplingInterval: 4096 });
  globalThis.kept = Array.from({ length: 20000 }, (_, index) => ({ index }));
  const { profile } = post(session, 'HeapProfiler.stopSampling');
  session.disconnect();
  const size = (node) => node.selfSize + node.children.reduce((total, child) => total + size(child), 0);
  if (size(profile.head) === 0) throw new Error('the profile is empty');
  return 'sampled ' + Math.round(size(profile.head) / 1024) + ' KiB';
});
attempt('loop', () => {
  const { monitorEventLoopDelay, performance } = require('node:perf_hooks');
  monitorEventLoopDelay({ resolution: 10 }).enable();
  return 'utilization ' + performance.eventLoopUtilization().utilization.toFixed(2);
});
console.log(JSON.stringify(results));
process.exit();
`;

interface Attempt {
  readonly ok: boolean;
  readonly detail: string;
}

const capabilities: Readonly<Record<string, Omit<Capability, 'group'>>> = {
  collection: {
    capability: 'garbage collection',
    purpose: 'floors: what is left after a full collection',
    loss: 'heapUsed is not judged, since garbage cannot be distinguished from leaks',
    remedy: 'run the target without flags that fix V8 options (--frozen-flags), on Node 20.19 or newer',
  },
  census: {
    capability: 'object census',
    purpose: 'objects.<class>, timers and listeners: exact counts of what lives',
    loss: 'leaks are judged by bytes alone, which takes longer',
    remedy: 'a Node that is built with the inspector',
  },
  allocation: {
    capability: 'allocation sampling',
    purpose: 'names the lines that allocate what leaks',
    loss: 'suspects carry no line',
    remedy: 'a Node that is built with the inspector',
  },
  loop: {
    capability: 'event-loop delay',
    purpose: 'eventLoopDelay, which distinguishes stalls from slow targets',
    loss: 'spinning is judged by CPU alone',
    remedy: 'Node 20.19 or newer',
  },
};

/** What the Node that runs plateau, and by default its targets, lets the agent do. */
export async function checkNode(): Promise<CapabilityCheck[]> {
  const attempts = await tryInChild();
  return Promise.all(
    Object.entries(capabilities).map(([name, capability]) =>
      checkCapability({ ...capability, group: 'node' }, () => examinationOf(attempts, name)),
    ),
  );
}

async function tryInChild(): Promise<Record<string, Attempt> | string> {
  try {
    const { stdout } = await execute(process.execPath, ['-e', script], {
      timeout: answerTimeoutMs,
      killSignal: 'SIGKILL',
    });
    return JSON.parse(stdout.slice(stdout.indexOf('{'))) as Record<string, Attempt>;
  } catch (error) {
    return `${process.execPath} could not be tried: ${(error as Error).message.split('\n', 1)[0]}`;
  }
}

function examinationOf(attempts: Record<string, Attempt> | string, name: string): Examination {
  if (typeof attempts === 'string') return missing(attempts);
  const attempt = attempts[name];
  if (attempt === undefined) return missing('not tried');
  return attempt.ok ? ok(attempt.detail) : missing(attempt.detail);
}
