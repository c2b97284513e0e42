import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { identityOf, ownIdentity } from '../../../harness/platform/process-identity.js';
import {
  createRunTemporaryDirectory,
  listRunTemporaryDirectories,
  readOwnership,
  recordRunProcess,
  removeRunTemporaryDirectory,
} from '../../../harness/platform/run-temporary-directory.js';

function temporaryRoot(): string {
  const root = mkdtempSync(join(tmpdir(), 'plateau-test-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

describe('temporary directory of a run', () => {
  it('is private and says who owns it', () => {
    const root = temporaryRoot();
    const { path, targetPath } = createRunTemporaryDirectory('run-1', root);
    expect([path, targetPath]).toEqual([join(root, 'plateau-run-1'), join(root, 'plateau-run-1', 'target')]);
    expect([path, targetPath].map((entry) => statSync(entry).mode & 0o777)).toEqual([0o700, 0o700]);
    expect(statSync(join(path, 'owner.json')).mode & 0o777).toBe(0o600);
    expect(readOwnership(path)).toMatchObject({ ...ownIdentity(), runId: 'run-1', processes: [] });
  });

  it('remembers what the run started', () => {
    const { path } = createRunTemporaryDirectory('run-1', temporaryRoot());
    recordRunProcess(path, process.pid);
    recordRunProcess(path, process.ppid);
    expect(readOwnership(path)?.processes).toEqual([process.pid, process.ppid].map(identityOf));
  });

  it('is not taken over when it exists', () => {
    const root = temporaryRoot();
    createRunTemporaryDirectory('run-1', root);
    expect(() => createRunTemporaryDirectory('run-1', root)).toThrow(/expected to create it, got .*EEXIST/);
  });

  it('is removed with what is in it, but not what links in it lead to', () => {
    const root = temporaryRoot();
    const outside = join(root, 'outside.txt');
    writeFileSync(outside, 'kept');
    const { path, targetPath } = createRunTemporaryDirectory('run-1', root);
    symlinkSync(outside, join(targetPath, 'link'));
    symlinkSync(root, join(targetPath, 'directory-link'));
    mkdirSync(join(targetPath, 'locked', 'deep'), { recursive: true });
    chmodSync(join(targetPath, 'locked'), 0o000);
    expect(removeRunTemporaryDirectory(path)).toBe(true);
    expect(existsSync(path)).toBe(false);
    expect(readFileSync(outside, 'utf8')).toBe('kept');
    expect(removeRunTemporaryDirectory(path)).toBe(true);
  });

  it('is neither believed nor removed when it is a link', () => {
    const root = temporaryRoot();
    const { path } = createRunTemporaryDirectory('run-1', join(root));
    const link = join(root, 'plateau-link');
    symlinkSync(path, link);
    expect(readOwnership(link)).toBeUndefined();
    expect(removeRunTemporaryDirectory(link)).toBe(false);
    expect(existsSync(path)).toBe(true);
  });

  it('is not believed when its owner file is a link', () => {
    const root = temporaryRoot();
    const { path } = createRunTemporaryDirectory('run-1', root);
    const copy = join(root, 'copy.json');
    writeFileSync(copy, readFileSync(join(path, 'owner.json')));
    rmSync(join(path, 'owner.json'));
    symlinkSync(copy, join(path, 'owner.json'));
    expect(readOwnership(path)).toBeUndefined();
  });

  it.runIf(process.getuid?.() === 0)('is neither believed nor removed when another user owns it', () => {
    const { path } = createRunTemporaryDirectory('run-1', temporaryRoot());
    chownSync(path, 65_534, 65_534);
    expect(readOwnership(path)).toBeUndefined();
    expect(removeRunTemporaryDirectory(path)).toBe(false);
    chownSync(path, 0, 0);
    chownSync(join(path, 'owner.json'), 65_534, 65_534);
    expect(readOwnership(path)).toBeUndefined();
  });

  it.each([
    '',
    '{}',
    '[1]',
    'null',
    '{"pid":1,"startTime":2,"bootId":"b","pidNamespace":"n","runId":"r","host":"h","processes":[{"pid":"1"}]}',
    '{"pid":-1,"startTime":2,"bootId":"b","pidNamespace":"n","runId":"r","host":"h","processes":[]}',
  ])('is not believed when its owner file holds %j', (text) => {
    const { path } = createRunTemporaryDirectory('run-1', temporaryRoot());
    writeFileSync(join(path, 'owner.json'), text);
    expect(readOwnership(path)).toBeUndefined();
  });

  it('is listed under its own name only', () => {
    const root = temporaryRoot();
    const { path } = createRunTemporaryDirectory('run-1', root);
    mkdirSync(join(root, 'plateau-other'), { mode: 0o700 });
    writeFileSync(join(root, 'plateau-other', 'owner.json'), readFileSync(join(path, 'owner.json')));
    mkdirSync(join(root, 'elsewhere'));
    expect(listRunTemporaryDirectories(root).map((directory) => directory.path)).toEqual([path]);
    expect(listRunTemporaryDirectories(join(root, 'missing'))).toEqual([]);
  });
});
