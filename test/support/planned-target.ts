import type { Experiment, ObservedTarget, Plan } from '../../harness/analyse/next/experiment.js';
import { syntheticRun } from './synthetic-run.js';

type Observed = { -readonly [Field in keyof ObservedTarget]: ObservedTarget[Field] };

/** A target as a plan sees it, of which a test says what each experiment shows. */
export function observedTarget(observed: Partial<ObservedTarget> = {}): Observed {
  const run = observed.run ?? syntheticRun({ floors: 20, metrics: { heapUsed: () => 6e6 } });
  return {
    run,
    cycles: run.samples.cycles.at(-1)!,
    elapsedMs: run.samples.elapsedMs.at(-1)!,
    leftMs: Number.POSITIVE_INFINITY,
    cyclesPerSecond: 100,
    cyclesPerRound: 400,
    lastFloor: { heapUsed: 6e6 },
    timers: undefined,
    clockMovedMs: undefined,
    isOver: false,
    limit: undefined,
    ...observed,
  };
}

/** Performs a plan on a target whose time and cycles go on as experiments say. @returns the experiments and what was found */
export function performed<Found>(
  plan: Plan<Found>,
  target: Observed,
  shows: (experiment: Experiment) => void = () => undefined,
): { readonly experiments: readonly Experiment[]; readonly found: Found } {
  const experiments: Experiment[] = [];
  for (;;) {
    const step = plan.next();
    if (step.done) return { experiments, found: step.value };
    const experiment = step.value;
    experiments.push(experiment);
    if (experiment.do === 'rest') target.elapsedMs += experiment.forMs;
    if (experiment.do === 'drive') target.cycles += experiment.cycles ?? target.cyclesPerRound;
    if (experiment.do === 'move-clock') target.clockMovedMs = (target.clockMovedMs ?? 0) + experiment.byMs;
    shows(experiment);
  }
}
