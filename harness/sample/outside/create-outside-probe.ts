import { PlateauError } from '../../model/errors.js';
import { type Clock, systemClock } from '../../platform/clock.js';
import { identityOf, seesProcesses } from '../../platform/process-identity.js';
import { LinuxProbe } from './linux-probe.js';
import type { OutsideProbe, OutsideTarget } from './outside-probe.js';
import { PortableProbe } from './portable-probe.js';

/**
 * Opens what is needed to read a process again and again; close it when done.
 * @throws {PlateauError} `PLATEAU_TARGET_CRASHED` when there is no such process
 */
export function createOutsideProbe(target: OutsideTarget, clock: Clock = systemClock): OutsideProbe {
  const root = identityOf(target.pid);
  if (root === undefined) {
    const message = `Process ${target.pid}: expected it to run, got no such process`;
    throw new PlateauError('PLATEAU_TARGET_CRASHED', message);
  }
  if (seesProcesses()) return new LinuxProbe(target, root, clock);
  // On Linux pidusage reads /proc as well: of another pid namespace it would report another process.
  return new PortableProbe(target, clock, process.platform !== 'linux');
}
