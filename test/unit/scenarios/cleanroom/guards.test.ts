import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { detachedRelease, emptyRelease } from '../../../../scenarios/cleanroom/target/defects/releases.js';
import { CleanupTracker } from '../../../../scenarios/cleanroom/target/guards/cleanup-tracker.js';
import { trackedRelease } from '../../../../scenarios/cleanroom/target/guards/release.js';
import { ScopeGuard } from '../../../../scenarios/cleanroom/target/guards/scope-guard.js';
import { RegistryBusyError } from '../../../../scenarios/cleanroom/target/registry/registry-client.js';

describe('scope guard', () => {
  test('last in, first out, once, and an action that throws stops none of the others', () => {
    const trace: string[] = [];
    const reported: unknown[] = [];
    const guard = new ScopeGuard((error) => reported.push(error));
    const failure = new Error('second');
    guard.defer(() => trace.push('first'));
    guard.defer(() => {
      throw failure;
    });
    guard.defer(() => trace.push('third'));
    guard[Symbol.dispose]();
    guard[Symbol.dispose]();
    expect(trace).toEqual(['third', 'first']);
    expect(reported).toEqual([failure]);
  });

  test('does its work also when what it guards throws', () => {
    const trace: string[] = [];
    const guarded = () => {
      using guard = new ScopeGuard(() => undefined);
      guard.defer(() => trace.push('given back'));
      throw new Error('on the way');
    };
    expect(guarded).toThrow('on the way');
    expect(trace).toEqual(['given back']);
  });
});

describe('what becomes of an entry whose registry is busy at first', () => {
  function busyOnce(): { unregister: () => Promise<void>; attempts: () => number } {
    let attempts = 0;
    const unregister = async () => {
      await wait(0);
      attempts += 1;
      if (attempts === 1) throw new RegistryBusyError('busy');
    };
    return { unregister, attempts: () => attempts };
  }

  test('tracked: tried again, and the end waits for it', async () => {
    const tracker = new CleanupTracker();
    const { unregister, attempts } = busyOnce();
    void trackedRelease(tracker)(unregister);
    expect(tracker.pending).toBe(1);
    await tracker.drain();
    expect([tracker.pending, attempts()]).toEqual([0, 2]);
  });

  test('detached: tried once, and nobody hears that it failed', async () => {
    const { unregister, attempts } = busyOnce();
    await detachedRelease(unregister);
    expect(attempts()).toBe(0);
    await expect.poll(attempts).toBe(1);
  });

  test('the fix that does nothing: not even tried', async () => {
    const { unregister, attempts } = busyOnce();
    await emptyRelease(unregister);
    expect(attempts()).toBe(0);
  });
});
