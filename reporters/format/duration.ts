import { formatNumber } from './number.js';

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

function twoUnits(value: number, large: readonly [number, string], small: readonly [number, string]): string {
  const smalls = Math.round(value / small[0]);
  const perLarge = large[0] / small[0];
  const rest = smalls % perLarge;
  return `${formatNumber(Math.floor(smalls / perLarge))}${large[1]}${rest === 0 ? '' : ` ${rest}${small[1]}`}`;
}

/** `850 ms`, `12.4 s`, `4m 5s`, `2h 5m`, `3d 4h`. */
export function formatDuration(ms: number): string {
  if (!(ms >= 0)) return 'n/a';
  if (ms < 999.5) return `${formatNumber(ms)} ms`;
  if (ms < minuteMs - 50) return `${formatNumber(ms / secondMs, ms < 9_950 ? 1 : 0)} s`;
  if (ms < hourMs - secondMs) return twoUnits(ms, [minuteMs, 'm'], [secondMs, 's']);
  if (ms < 2 * dayMs) return twoUnits(ms, [hourMs, 'h'], [minuteMs, 'm']);
  return twoUnits(ms, [dayMs, 'd'], [hourMs, 'h']);
}

/** A time that `--duration` takes, rounded up to one that a person would type: `90s`, `5m`, `2h`. */
export function durationOption(ms: number): string {
  const steps: readonly (readonly [number, string, number])[] = [
    [10 * secondMs, 's', secondMs],
    [minuteMs, 'm', minuteMs],
    [10 * minuteMs, 'm', minuteMs],
    [hourMs, 'h', hourMs],
  ];
  const step =
    ms <= 90 * secondMs ? steps[0]! : ms <= 20 * minuteMs ? steps[1]! : ms <= 4 * hourMs ? steps[2]! : steps[3]!;
  const [roundMs, suffix, unitMs] = step;
  return `${(Math.max(1, Math.ceil(ms / roundMs)) * roundMs) / unitMs}${suffix}`;
}

/** Wall time from start to end of a run; 0 when the clock went backwards. */
export function elapsedMsOf(run: { readonly startedAt: string; readonly endedAt: string }): number {
  return Math.max(0, Date.parse(run.endedAt) - Date.parse(run.startedAt));
}
