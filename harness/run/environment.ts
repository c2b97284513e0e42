import { existsSync, readFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import type { Environment } from '../model/run-record.js';
import { headCommit } from '../repository/git.js';

/** This machine, this plateau, and the commit that `directory` is at. */
export function describeEnvironment(directory: string): Environment {
  const processors = cpus();
  const gitCommit = headCommit(directory);
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
