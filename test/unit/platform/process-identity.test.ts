import { describe, expect, it } from 'vitest';
import {
  assertRunId,
  formatOwnerMark,
  identityOf,
  isRunning,
  livenessOf,
  ownIdentity,
  parseOwnerMark,
} from '../../../harness/platform/process-identity.js';

const freePid = 2 ** 22 + 1;

describe('owner mark', () => {
  const owner = {
    pid: 42,
    startTime: 987_654,
    bootId: 'd2cfa270-1989-4550-bbcb-59cf941fd428',
    pidNamespace: '4026531836',
  };

  it('is read back as it was written', () => {
    const mark = formatOwnerMark('20261121-0710-f7a3', owner);
    expect(mark).toBe('d2cfa270-1989-4550-bbcb-59cf941fd428/4026531836/42/987654/20261121-0710-f7a3');
    expect(parseOwnerMark(mark)).toEqual({ owner, runId: '20261121-0710-f7a3' });
  });

  it('names this process when nothing else is said', () => {
    expect(parseOwnerMark(formatOwnerMark('run'))).toEqual({ owner: ownIdentity(), runId: 'run' });
  });

  it.each([
    '',
    'boot/1/2/3',
    'boot/1/0/3/run',
    'boot/1/-5/3/run',
    'boot/1/2/x/run',
    'boot/1/2/3/run/more',
    'boot/1/99999999999/3/run',
    '../1/2/3/run',
  ])('%j is none', (text) => {
    expect(parseOwnerMark(text)).toBeUndefined();
  });

  it.each(['', 'a/b', 'a b', '../x\n'])('refuses the run id %j', (runId) => {
    expect(() => assertRunId(runId)).toThrow('Run id: expected');
  });
});

describe.runIf(process.platform === 'linux')('livenessOf', () => {
  const self = ownIdentity();

  it('knows this process', () => expect(livenessOf(self)).toBe('alive'));

  it('takes another start time for another process', () => {
    expect(livenessOf({ ...self, startTime: self.startTime - 1 })).toBe('dead');
  });

  it('takes a free pid for dead', () => expect(livenessOf({ ...self, pid: freePid })).toBe('dead'));

  it('takes everything of an earlier boot for dead', () => {
    expect(livenessOf({ ...self, bootId: '00000000-0000-4000-8000-000000000000' })).toBe('dead');
  });

  it.each(['4026530000', 'none'])('says nothing of pid namespace %s', (pidNamespace) => {
    expect(livenessOf({ ...self, pidNamespace, pid: freePid })).toBe('unknown');
  });

  it('says nothing of an owner without a boot', () => {
    expect(livenessOf({ ...self, bootId: 'none', pid: freePid })).toBe('unknown');
  });
});

describe('isRunning', () => {
  const self = identityOf(process.pid)!;

  it('recognises a process by pid and start time', () => {
    expect(isRunning(self)).toBe(true);
    expect(isRunning({ ...self, pid: freePid })).toBe(false);
  });

  it.runIf(process.platform === 'linux')('takes a later process of the same pid for another', () => {
    expect(isRunning({ ...self, startTime: self.startTime + 1 })).toBe(false);
  });

  it('has no identity for a process that does not exist', () => expect(identityOf(freePid)).toBeUndefined());
});
