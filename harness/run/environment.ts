import { existsSync, readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Environment } from '../model/run-record.js';

/** This machine, this plateau, and the commit that `directory` is at. */
export function describeEnvironment(directory: string): Environment {
  const processors = cpus();
  const gitCommit = commitOf(directory);
  return {
    plateau: ownVersion(),
    node: process.version,
    platform: `${process.platform} ${process.arch} ${release()}`,
    cpuModel: processors[0]?.model.trim() ?? 'unknown',
    cores: Math.max(1, processors.length),
    memoryBytes: totalmem(),
    ...(gitCommit !== undefined && { gitCommit }),
  };
}

export function ownVersion(): string {
  for (let directory = import.meta.dirname; ; directory = dirname(directory)) {
    const path = join(directory, 'package.json');
    if (existsSync(path)) return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
    if (directory === dirname(directory)) return '0.0.0';
  }
}

/** Commit of the repository around a directory, read from its files; `undefined` outside of one. */
function commitOf(directory: string): string | undefined {
  for (let current = resolve(directory); ; current = dirname(current)) {
    const git = join(current, '.git');
    if (existsSync(join(git, 'HEAD'))) return headCommit(git);
    const linked = linkedGit(git);
    if (linked !== undefined) return headCommit(linked);
    if (current === dirname(current)) return undefined;
  }
}

/** In a worktree of its own `.git` is a file that names a directory. */
function linkedGit(file: string): string | undefined {
  try {
    const [, path] = /^gitdir: (.+)$/m.exec(readFileSync(file, 'utf8')) ?? [];
    return path === undefined ? undefined : resolve(dirname(file), path);
  } catch {
    return undefined;
  }
}

function headCommit(git: string): string | undefined {
  try {
    const head = readFileSync(join(git, 'HEAD'), 'utf8').trim();
    if (!head.startsWith('ref: ')) return head;
    const reference = head.slice(5);
    const common = commonGit(git);
    const loose = join(common, reference);
    if (existsSync(loose)) return readFileSync(loose, 'utf8').trim();
    const packed = readFileSync(join(common, 'packed-refs'), 'utf8');
    return packed
      .split('\n')
      .find((line) => line.endsWith(` ${reference}`))
      ?.split(' ')[0];
  } catch {
    return undefined;
  }
}

/** Branches of a worktree are those of its repository. */
function commonGit(git: string): string {
  const path = join(git, 'commondir');
  return existsSync(path) ? resolve(git, readFileSync(path, 'utf8').trim()) : git;
}
