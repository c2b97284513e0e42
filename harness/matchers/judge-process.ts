/**
 * The process that judges for a test: what it loads and keeps does not weigh on the process of the test. Of a function,
 * that process is the target; this one asks it over descriptor 3, as any agent.
 */
import net from 'node:net';
import { attachedForm } from '../agent/attached-function.js';
import type { RunRecord } from '../model/run-record.js';
import type { RunningTarget, TargetExit } from '../model/target.js';
import { runAttached } from '../run/attached/run-attached.js';
import { runScenario } from '../run/run-scenario.js';
import { connectAgent } from '../target/agent-connection.js';
import { type AttachedSubject, type JudgePlan, subjectDescriptor } from './judge-protocol.js';
import { whileAwaited } from './test-runner.js';

const helloTimeoutMs = 30_000;

const plan = JSON.parse(process.argv[2] ?? '') as JudgePlan;
const running = run(plan);
running.catch(() => undefined);
// Loaded while the function is called: what shows a run takes 250 ms of CPU.
const { answerOf } = await import('./judge-run.js');
const answer = await answerOf(() => running, { outDirectory: plan.options.outDirectory!, color: plan.color });
process.stdout.write(JSON.stringify(answer), () => process.exit());

async function run({ subject, options, rerun, waiting }: JudgePlan): Promise<RunRecord> {
  const signal = whileAwaited(waiting);
  const repeated = { ...options, signal, ...(rerun !== undefined && { command: rerun, rerun: () => rerun }) };
  if ('module' in subject) return runScenario(subject.module, repeated);
  const { name, directory } = subject.function;
  const target = await attachedTarget(subject.function);
  const source = { kind: 'attached', reference: name, name, directory, target, form: attachedForm } as const;
  return (await runAttached(source, repeated)).record;
}

async function attachedTarget({ pid }: AttachedSubject): Promise<RunningTarget> {
  const stream = new net.Socket({ fd: subjectDescriptor });
  const exited = new Promise<TargetExit>((resolve) => {
    stream.on('close', () => resolve({ exitCode: undefined, signal: undefined, expected: false }));
  });
  return {
    pid,
    url: undefined,
    temporaryDirectory: '',
    agent: await connectAgent(stream, helloTimeoutMs),
    wholeTree: false,
    isStarted: false,
    exited,
    lastLines: () => [],
    onLine: () => () => undefined,
    leakWarnings: () => [],
    stop: () => Promise.resolve(),
  };
}
