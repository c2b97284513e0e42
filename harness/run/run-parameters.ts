import { defaultUniverse } from '../drive/operation-inputs.js';
import { makesHistory } from '../model/history.js';
import type { RunParameters } from '../model/run-log.js';
import type { RunOptions } from '../model/run-options.js';
import type { Scenario } from '../model/scenario.js';
import { msPerMinute } from '../model/units.js';
import { drivingMs } from './measuring/time-limit.js';

export const runDefaults = { rounds: 10_000, durationMs: 120_000, concurrency: 1, confidence: 0.99 } as const;
/** Driving a day of the target's clock takes about a minute, and several where a floor takes seconds. */
const dayLimitMs = 30 * msPerMinute;

/** What the scenario and the caller want, with defaults for the rest. The caller wins. */
export function runParameters(options: RunOptions, scenario: Scenario | undefined): RunParameters {
  return {
    cyclesPerRound: options.cycles ?? scenario?.cycles ?? 'auto',
    rounds: options.rounds ?? runDefaults.rounds,
    durationMs: drivingLimitMs(options),
    concurrency: options.concurrency ?? scenario?.concurrency ?? runDefaults.concurrency,
    ...(options.ratePerSecond !== undefined && { ratePerSecond: options.ratePerSecond }),
    untilDecided: options.untilDecided ?? (options.driveMs === undefined && options.days === undefined),
    confidence: options.confidence ?? runDefaults.confidence,
    thorough: options.thorough ?? false,
    attribution: options.attribution ?? 'on-leak',
    // The functions of a module are given ever-new cycle numbers.
    universe: scenario === undefined ? 'fresh' : universeOf(scenario),
    settleMs: scenario?.settle?.afterMs ?? 0,
    ...(options.nodeArguments !== undefined && { nodeArguments: [...options.nodeArguments] }),
    ...(options.footprint !== undefined && { footprint: options.footprint }),
    ...(movesClock(options, scenario) && { virtualTime: true }),
    ...(options.days !== undefined && { days: options.days }),
    interpreterOnly: false,
  };
}

/** Where each operation names its inputs, what they are together. */
function universeOf({ operations, universe = defaultUniverse }: Scenario): number | 'fresh' {
  const named = Object.values(operations).map(({ inputs }) => inputs);
  return named.includes(undefined) ? universe : new Set(named.flatMap((inputs) => inputs ?? [])).size;
}

function movesClock({ days, virtualTime, defects = [] }: RunOptions, scenario: Scenario | undefined): boolean {
  if (days !== undefined || virtualTime !== undefined) return days !== undefined || virtualTime === true;
  const { target } = scenario ?? {};
  const definition = typeof target === 'function' ? target({ defects }) : target;
  return definition !== undefined && 'virtualTime' in definition && definition.virtualTime === true;
}

/** Runs of `run` and of nights end within their duration; comparisons and bisections drive that long. */
export function totalLimitMs({ durationMs, purpose }: RunOptions): number | undefined {
  return makesHistory(purpose) ? durationMs : undefined;
}

function drivingLimitMs(options: RunOptions): number {
  const totalMs = totalLimitMs(options);
  const { durationMs = options.days === undefined ? runDefaults.durationMs : options.days * dayLimitMs } = options;
  const limitMs = totalMs === undefined ? durationMs : drivingMs(totalMs);
  return options.driveMs ?? limitMs;
}
