/** A process of its own that runs one test: takes containers and guards, says so, and gives them back before it ends. */

import { ProcessRuntime } from '../containers/process-runtime.js';
import { stopVerified } from '../containers/stop-container.js';
import type { DefectName } from '../defects/names.js';
import { detachedRelease } from '../defects/releases.js';
import { CleanupTracker } from '../guards/cleanup-tracker.js';
import { RegisteredGuard } from '../guards/registered-guard.js';
import { trackedRelease } from '../guards/release.js';
import { RegistryClient } from '../registry/registry-client.js';
import { Session } from '../sessions/session.js';
import type { RunnerPlan } from './runner-plan.js';

const plan = JSON.parse(process.argv[2]!) as RunnerPlan;
const has = (defect: DefectName) => plan.defects.includes(defect);
const report = (error: unknown) => process.stderr.write(`${plan.runId}: ${String(error)}\n`);

const registry = await RegistryClient.connect(plan.registryPath);
const tracker = new CleanupTracker();
const release = has('exit-drops-cleanups') ? detachedRelease : trackedRelease(tracker);
const session = new Session(plan.runId, { runtime: new ProcessRuntime(plan), stop: stopVerified });
const guards: RegisteredGuard[] = [];

/** The registry hears of the end first, so that nobody else reaches for containers that are going. */
async function endSession(): Promise<void> {
  await registry.unregister(plan.runId);
  await session[Symbol.asyncDispose]();
}

/** Gives back the guards, then the session. What is tracked is waited for, what is not has only begun. */
async function giveBack(): Promise<void> {
  for (const guard of guards.splice(0)) void guard[Symbol.asyncDispose]().catch(report);
  await tracker.drain();
  const ended = endSession();
  if (has('exit-drops-cleanups') || has('session-guard-detached')) void ended.catch(() => undefined);
  else await tracker.track(ended).catch(report);
}

async function leave(exitCode: number): Promise<void> {
  await giveBack();
  process.exit(exitCode);
}

if (!has('crash-drops-cleanups')) {
  process.once('uncaughtException', (error) => {
    report(error);
    void leave(1);
  });
}
if (!has('sigterm-drops-cleanups')) process.once('SIGTERM', () => void leave(0));

await registry.register(plan.runId);
for (let started = 0; started < plan.containers; started += 1) await session.start();
for (let taken = 0; taken < plan.guards; taken += 1) {
  guards.push(await RegisteredGuard.take(`${plan.runId} guard ${taken}`, { registry, release, report }));
}
process.stdout.write('up\n');
if (plan.ending === 'end') await leave(0);
if (plan.ending === 'crash') {
  setImmediate(() => {
    throw new Error('the test crashes, as it was asked to');
  });
}
