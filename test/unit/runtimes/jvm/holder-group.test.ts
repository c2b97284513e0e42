import { expect, test } from 'vitest';
import { type Declarer, describeGroup, type Group } from '../../../../harness/runtimes/jvm/heap-dump/holder-group.js';

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
