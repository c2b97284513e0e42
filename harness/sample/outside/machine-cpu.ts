import { readProcFile } from '../../platform/process-stat.js';
import { processUnits } from '../../platform/process-units.js';

/**
 * CPU time that this machine has spent at work since it started, of all cores together, ms: what a hypervisor took away
 * counts as work, idling and waiting for disks do not.
 * @returns undefined where the kernel does not show
 */
export function machineBusyMs(): number | undefined {
  const line = /^cpu +([\d ]+)$/m.exec(readProcFile('/proc/stat')?.toString('latin1') ?? '');
  if (line === null) return undefined;
  // proc_stat(5): user, nice, system, idle, iowait, irq, softirq, steal, ...
  const [user = 0, nice = 0, system = 0, , , interrupts = 0, softInterrupts = 0, stolen = 0] = line[1]!
    .trim()
    .split(/ +/)
    .map(Number);
  // Guests' time is part of the users'.
  return ((user + nice + system + interrupts + softInterrupts + stolen) / processUnits().ticksPerSecond) * 1000;
}
