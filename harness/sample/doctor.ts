import { availableParallelism, cpus, release, totalmem } from 'node:os';
import type { CapabilityCheck, DoctorReport } from '../model/doctor-report.js';
import { checkMachine, checkOptional } from './doctor/machine-checks.js';
import { checkNode } from './doctor/node-checks.js';
import { checkProcesses } from './doctor/process-checks.js';

/**
 * Tries everything that plateau uses on this machine, in processes of its own; takes about a second.
 * Never throws: what cannot be tried is missing.
 */
export async function examineMachine(): Promise<DoctorReport> {
  const [processes, node, machine, optional] = await Promise.all([
    checkProcesses().catch(notTried),
    checkNode(),
    checkMachine(),
    checkOptional(),
  ]);
  return {
    machine: {
      node: process.version,
      platform: `${process.platform} ${process.arch} ${release()}`,
      cpuModel: cpus()[0]?.model.trim() ?? 'unknown',
      cores: availableParallelism(),
      memoryBytes: totalmem(),
    },
    checks: [...processes, ...node, ...machine, ...optional],
    complete: [...processes, ...node, ...machine].every(({ status }) => status === 'ok'),
  };
}

function notTried(error: unknown): CapabilityCheck[] {
  return [
    {
      capability: 'processes',
      group: 'processes',
      status: 'missing',
      detail: (error as Error).message,
      purpose: 'targets are processes of their own',
      loss: 'targets cannot be started',
      remedy: `make sure that ${process.execPath} starts, and that another process is allowed (ulimit -u)`,
    },
  ];
}
