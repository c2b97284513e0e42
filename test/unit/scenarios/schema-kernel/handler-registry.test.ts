import { expect, test } from 'vitest';
import {
  EvictingRegistry,
  GrowingRegistry,
} from '../../../../scenarios/schema-kernel/target/defects/handler-registries.js';
import { BoundedRegistry, type HandlerRegistry } from '../../../../scenarios/schema-kernel/target/handler-registry.js';

function sizesOver(registry: HandlerRegistry, cycles: number): number[] {
  return Array.from({ length: cycles }, (_, cycle) => {
    registry.register(`tag-${cycle}`, () => cycle);
    expect(registry.dispatch({ tag: `tag-${cycle}`, payload: null })).toBe(cycle);
    registry.unregister(`tag-${cycle}`);
    return registry.size;
  });
}

test('what is unregistered is gone; what never is grows; with a cap it levels off', () => {
  expect(sizesOver(new BoundedRegistry(3), 6)).toEqual([0, 0, 0, 0, 0, 0]);
  expect(sizesOver(new GrowingRegistry(), 6)).toEqual([1, 2, 3, 4, 5, 6]);
  expect(sizesOver(new EvictingRegistry(3), 6)).toEqual([1, 2, 3, 3, 3, 3]);
});

test('a full registry says so and keeps those it has', () => {
  const registry = new BoundedRegistry(1);
  registry.register('first', () => 1);
  expect(() => registry.register('second', () => 2)).toThrow('at most 1');
  registry.register('first', () => 3);
  expect(registry.dispatch({ tag: 'first', payload: null })).toBe(3);
  expect(() => registry.dispatch({ tag: 'second', payload: null })).toThrow('not registered');
});
