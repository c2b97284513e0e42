import { expect, test } from 'vitest';
import { scenarios as kernelScenarios } from '../../../../scenarios/schema-kernel/index.js';
import { defectNames as kernelDefects } from '../../../../scenarios/schema-kernel/target/defects/names.js';
import { scenarios as seriesScenarios } from '../../../../scenarios/series-api/index.js';
import { defectNames as seriesDefects } from '../../../../scenarios/series-api/target/defects/names.js';

const systems = [
  ['schema-kernel', kernelScenarios, kernelDefects, '003', 7],
  ['series-api', seriesScenarios, seriesDefects, '004', 9],
] as const;

test.each(systems)(
  '%s: every defect that the target knows is declared, and none besides',
  (_name, scenarios, known) => {
    const declared = new Set(scenarios.flatMap(({ defects = {} }) => Object.keys(defects)));
    expect([...declared].sort()).toEqual([...known].sort());
  },
);

test.each(systems)('%s: every finding of its audit is shown, and one thing is said of each', (...row) => {
  const [, scenarios, , audit, count] = row;
  const flagged = scenarios.flatMap(({ defects = {} }) => Object.values(defects).flatMap(({ audit: ids = [] }) => ids));
  const sound = scenarios.flatMap((scenario) => scenario.sound ?? []);
  const untestable = scenarios.flatMap((scenario) => Object.keys(scenario.static ?? {}));
  const said = [new Set(flagged), new Set(sound), new Set(untestable)].flatMap((ids) => [...ids]);
  expect(said.sort()).toEqual(Array.from({ length: count }, (_, index) => `${audit}-0${index + 1}`));
});

test.each(systems)('%s: names are of the system and lead to a loop of their own', (system, scenarios) => {
  const names = scenarios.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(new RegExp(`^${system}/[a-z-]+$`));
});
