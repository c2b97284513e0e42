import { expect, test } from 'vitest';
import type { BackgroundService } from '../../../../scenarios/series-api/target/background/background-service.js';
import { createStarter } from '../../../../scenarios/series-api/target/defects/starters.js';

/** Three services of which the second cannot start; `live` are those that run. */
function threeServices() {
  const live = new Set<string>();
  const service = (name: string, fails: boolean): BackgroundService => ({
    name,
    async start() {
      if (fails) throw new Error('port taken');
      live.add(name);
    },
    async stop() {
      live.delete(name);
    },
  });
  return { live, services: [service('first', false), service('second', true), service('third', false)] };
}

test('one that fails is reported, the others run, and all of them stop', async () => {
  const { live, services } = threeServices();
  const starter = createStarter(new Set());
  expect(await starter.start(services)).toEqual({ second: 'port taken' });
  expect([...live]).toEqual(['first', 'third']);
  await starter.stop();
  expect([...live]).toEqual([]);
});

test('a start that aborts loses what had been started', async () => {
  const { live, services } = threeServices();
  const starter = createStarter(new Set(['aborted-start']));
  await expect(starter.start(services)).rejects.toThrow('port taken');
  await starter.stop();
  expect([...live]).toEqual(['first']);
});
