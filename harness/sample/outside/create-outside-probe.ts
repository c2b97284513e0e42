import { type Clock, systemClock } from '../../platform/clock.js';
import { seesProcesses } from '../../platform/process-identity.js';
import { LinuxProbe } from './linux-probe.js';
import type { OutsideProbe, OutsideTarget } from './outside-probe.js';
import { PortableProbe } from './portable-probe.js';

/** @throws {PlateauError} `PLATEAU_TARGET_CRASHED` when there is no such process */
export function createOutsideProbe(target: OutsideTarget, clock: Clock = systemClock): OutsideProbe {
  return seesProcesses() ? new LinuxProbe(target, clock) : new PortableProbe(target, clock);
}
