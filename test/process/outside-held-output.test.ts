import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RunningTarget } from '../../harness/model/target.js';
import { endProcesses } from '../../harness/platform/end-processes.js';
import { formatOwnerMark } from '../../harness/platform/process-identity.js';
import { findMarked, readProcessTable } from '../../harness/platform/process-tree.js';
import { startTarget } from '../../harness/target/start-target.js';
import { startContext } from '../support/start-context.js';

/** A command whose child leaves the process group and keeps the output open. */
async function startWithStray(): Promise<{ target: RunningTarget; runId: string }> {
  const directory = mkdtempSync(join(tmpdir(), 'plateau-test-'));
  const runId = basename(directory);
  const command = ['sh', '-c', '(setsid sh -c "echo ready; exec sleep 300" &); exec sleep 300'] as const;
  onTestFinished(async () => {
    await endProcesses(() => strays(runId));
    rmSync(directory, { recursive: true });
  });
  const target = await startTarget(
    { command: [...command], ready: { line: 'ready' } },
    startContext(directory, { ownerMarker: formatOwnerMark(runId) }),
  );
  return { target, runId };
}

const strays = (runId: string) => findMarked(readProcessTable(), (mark) => mark.runId === runId);

describe.runIf(process.platform === 'linux')('a target whose output is held by something that it started', () => {
  it('is stopped all the same, and what holds it is found', async () => {
    const { target, runId } = await startWithStray();
    await target.stop();
    expect(await target.exited).toEqual({ exitCode: undefined, signal: 'SIGTERM', expected: true });
    expect(strays(runId).map(({ name }) => name)).toEqual(['sleep']);
    const { ended, remaining } = await endProcesses(() => strays(runId));
    expect([ended.length, remaining.length, strays(runId).length]).toEqual([1, 0, 0]);
  });

  it('is known to have ended when something else ends it', async () => {
    const { target } = await startWithStray();
    process.kill(target.pid as number, 'SIGKILL');
    expect(await target.exited).toEqual({ exitCode: undefined, signal: 'SIGKILL', expected: false });
    await target.stop();
  });
});
