import { expect, it } from 'vitest';
import type { Scenario } from '../../../harness/model/scenario.js';
import { checkDefects } from '../../../harness/run/check-defects.js';

const scenario: Scenario = {
  name: 'shop/carts',
  target: { pid: 1 },
  operations: { cart: { create: () => 1, destroy: () => undefined } },
  defects: { 'carts-kept': { summary: 'x', expect: { verdict: 'leak' } } },
};

it('only declared defects can be planted', () => {
  expect(() => checkDefects(['carts-kept'], scenario, scenario.name)).not.toThrow();
  expect(() => checkDefects(['carts'], scenario, scenario.name)).toThrow(
    'has no defect carts: expected one of carts-kept',
  );
  expect(() => checkDefects(['x'], undefined, 'driver')).toThrow('it can plant none');
});
