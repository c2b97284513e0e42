import { setTimeout as waitFor } from 'node:timers/promises';
import { BackOff } from '../health/back-off.js';
import type { MonitorParts } from '../health/monitor.js';
import { ask, probe } from '../health/probe.js';
import type { Defects } from './names.js';

/** Try again at once: the pause belongs to the success, and a failure never comes to it. */
const noBackOff = { next: () => 0, reset: () => {} };

/** Waits for an answer as long as it takes, and cannot be asked to stop. */
const unboundedProbe: MonitorParts['probe'] = (url) => ask(url, {});

export function createMonitorParts(defects: Defects, intervalMs: number): MonitorParts {
  return {
    intervalMs,
    probe: defects.has('unbounded-probe') ? unboundedProbe : probe,
    backOff: defects.has('no-back-off') ? noBackOff : new BackOff(),
    wait: (durationMs, signal) => waitFor(durationMs, undefined, { signal }).catch(() => {}),
  };
}
