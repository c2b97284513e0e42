import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { builtInScenarios } from '../../../scenarios/index.js';
import { scenarioTable, tableHeading } from '../../../scenarios/table.js';

const scenarios = await builtInScenarios();

it('scenarios/README.md says what the scenarios declare (else: npm run scenarios)', () => {
  const readme = readFileSync(new URL('../../../scenarios/README.md', import.meta.url), 'utf8');
  expect(readme.slice(readme.indexOf(tableHeading))).toBe(scenarioTable(scenarios));
});

it('every finding of the five audits has its place', () => {
  const audits = { '000': 18, '001': 28, '002': 18, '003': 7, '004': 9 };
  const expected = Object.entries(audits).flatMap(([audit, count]) =>
    Array.from({ length: count }, (_, index) => `${audit}-${String(index + 1).padStart(2, '0')}`),
  );
  const declared = new Set(
    scenarios.flatMap(({ defects = {}, sound = [], static: unshowable = {} }) => [
      ...Object.values(defects).flatMap(({ audit = [] }) => audit),
      ...sound,
      ...Object.keys(unshowable),
    ]),
  );
  expect(expected.filter((id) => !declared.has(id))).toEqual([]);
  expect([...declared].filter((id) => !expected.includes(id))).toEqual([]);
});

it('a finding is shown by a leak or by a sound mechanism, or cannot be shown: never two of them', () => {
  const unshowable = new Set(scenarios.flatMap((scenario) => Object.keys(scenario.static ?? {})));
  const sound = new Set(scenarios.flatMap((scenario) => scenario.sound ?? []));
  expect([...unshowable].filter((id) => sound.has(id))).toEqual([]);
});

it('names are unique, and belong to their system', () => {
  const names = scenarios.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => !/^[a-z-]+\/[a-z-]+$/.test(name))).toEqual([]);
});
