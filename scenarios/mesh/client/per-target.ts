import type { ScenarioTarget } from '../../../harness/index.js';

/** Something that a run sets up and takes down: one for each target, so that runs do not meet in a module. */
export interface PerTarget<Value> {
  open(target: ScenarioTarget): Promise<void>;
  of(target: ScenarioTarget): Value;
  close(target: ScenarioTarget): Promise<void>;
}

export function perTarget<Value>(
  open: (target: ScenarioTarget) => Promise<Value>,
  close: (value: Value) => unknown,
): PerTarget<Value> {
  const values = new WeakMap<ScenarioTarget, Value>();
  return {
    async open(target) {
      values.set(target, await open(target));
    },
    of(target) {
      const value = values.get(target);
      if (value === undefined) throw new Error('the scenario was not set up for this target');
      return value;
    },
    async close(target) {
      const value = values.get(target);
      values.delete(target);
      if (value !== undefined) await close(value);
    },
  };
}
