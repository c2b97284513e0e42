import { expect, test } from 'vitest';
import { scenarios } from '../../../scenarios/branch-store/index.js';
import { defectNames } from '../../../scenarios/branch-store/target/defects.js';

const declared = scenarios.flatMap((scenario) => Object.entries(scenario.defects ?? {}));

test('every finding of the audit is shown in exactly one place', () => {
  const shown = [...scenarios.flatMap(({ sound = [] }) => sound), ...declared.flatMap(([, { audit = [] }]) => audit)];
  const findings = Array.from({ length: 18 }, (_, index) => `000-${String(index + 1).padStart(2, '0')}`);
  expect(shown.sort()).toEqual(findings);
});

test('every defect that the store knows is planted by a scenario, and no other', () => {
  expect(new Set(declared.map(([name]) => name))).toEqual(new Set(defectNames));
});

test('every leak names the metric that decides', () => {
  for (const [, { expect: expected }] of declared) {
    expect(expected).toMatchObject(expected.verdict === 'leak' ? { metric: expect.any(String) } : {});
  }
});

test('names are those of their files, one for each scenario', () => {
  const names = scenarios.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.every((name) => /^branch-store\/[a-z-]+$/.test(name))).toBe(true);
});
