import { expect, test } from 'vitest';
import {
  type Declarer,
  describeGroup,
  type Group,
  limitsBeside,
} from '../../../../harness/runtimes/jvm/heap-dump/holder-group.js';

/** A group at the end of steps, of which each has a name and whose field it is. */
function groupOf(...steps: readonly (readonly [step: string, declaredBy: Declarer])[]): Group {
  return steps.reduce<Group | undefined>(
    (parent, [step, declaredBy], index) => ({
      parent,
      step,
      depth: index + 1,
      declaredBy,
      field: { name: step, declaredIn: declaredBy === 'own' ? 'shop.Desk' : 'java.lang.Object' },
      root: { kind: 'static', className: 'shop.Desk', field: 'audit' },
      isMany: true,
      count: 100,
      node: index,
      type: 'shop.Entry',
      children: new Map(),
    }),
    undefined,
  )!;
}

test('what a field of the user reaches through a server or a cleaner is reached in a roundabout way', () => {
  const direct = groupOf(['Desk.caches', 'own'], ['table', 'collection'], ['[]', 'collection'], ['entries', 'own']);
  expect(describeGroup(direct)).toMatchObject({ isRoundabout: false, namedSteps: 4 });
  const throughCleaner = groupOf(
    ['Desk.audit', 'own'],
    ['cleaner', 'platform'],
    ['next', 'platform'],
    ['entries', 'own'],
  );
  expect(describeGroup(throughCleaner)).toMatchObject({
    isRoundabout: true,
    fields: [{ name: 'Desk.audit' }, { name: 'entries' }],
  });
});

test('what lies in the platform behind the last field of the user changes nothing', () => {
  const inPool = groupOf(['Desk.reminders', 'own'], ['workQueue', 'collection'], ['queue', 'platform']);
  expect(describeGroup(inPool)).toMatchObject({ isRoundabout: false, namedSteps: 1 });
});

test('a group is within the next one further out of which there are many', () => {
  const steps = [
    ['Desk.log', 'own'],
    ['head', 'collection'],
    ['item', 'collection'],
    ['tags', 'own'],
  ] as const;
  const tags = groupOf(...steps, ['[]', 'collection']);
  const [item, head, log] = [tags.parent!.parent!, tags.parent!.parent!.parent!, tags.parent!.parent!.parent!.parent!];
  for (const one of [tags.parent!, item, log]) one.isMany = false;
  expect([tags, head].map((group) => describeGroup(group).outerSteps)).toEqual([2, 0]);
});

test('what hangs on the entries is counted by its class, down to the last field', () => {
  const listeners = groupOf(['Project.listeners', 'own'], ['[]', 'collection']);
  const below = (parent: Group, step: string, type: string, count: number): Group => {
    const group = { ...groupOf([step, 'own']), parent, step, type, count };
    parent.children.set(step, group);
    return group;
  };
  const board = below(listeners, 'arg$1', 'shop.Board', 100);
  below(board, 'pixels', '[B', 90);
  below(below(board, 'name', 'java.lang.String', 80), 'value', '[B', 80);
  expect(describeGroup(listeners).contents).toEqual(
    new Map([
      ['shop.Entry', 100],
      ['shop.Board', 100],
      ['[B', 170],
      ['java.lang.String', 80],
    ]),
  );
});

/** Each object has a limit that is called after its number, and so has the class. */
const limits = {
  limitsAt: (node: number) => [{ name: `max${node}`, value: 1_000 }],
  limitsOfClass: (name: string) => [{ name: `MAX of ${name}`, value: 2_000 }],
};

test('limits of a group are those of the collection that the user names, and of the one object that has it', () => {
  const entries = groupOf(['Desk.cache', 'own'], ['rows', 'own'], ['table', 'collection'], ['[]', 'collection']);
  for (let group = entries.parent; group !== undefined; group = group.parent) group.count = 1;
  expect(limitsBeside(entries, limits).map(({ name, isNear }) => [name, isNear])).toEqual([
    ['max2', true],
    ['max1', true],
    ['max0', true],
  ]);
  entries.parent!.parent!.parent!.count = 2;
  expect(limitsBeside(entries, limits).map(({ name }) => name)).toEqual(['max2', 'max1']);
});

test('what a static field holds may be limited by another one of its class', () => {
  const entries = groupOf(['Desk.cache', 'own'], ['[]', 'collection']);
  entries.parent!.count = 1;
  expect(limitsBeside(entries, limits)).toEqual([
    { name: 'max0', value: 1_000, isNear: true },
    { name: 'MAX of shop.Desk', value: 2_000, isNear: false },
  ]);
});
