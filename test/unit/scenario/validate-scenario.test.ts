import { describe, expect, it } from 'vitest';
import { PlateauError } from '../../../harness/model/errors.js';
import { validateScenario } from '../../../harness/scenario/validate-scenario.js';

const sound = {
  name: 'shop/carts',
  target: { script: './server.js' },
  operations: { cart: { create: () => 1, destroy: () => undefined } },
};

function messageFor(change: Record<string, unknown>): string {
  try {
    validateScenario({ ...sound, ...change }, 'shop.scenario.ts');
  } catch (error) {
    expect(error).toBeInstanceOf(PlateauError);
    expect((error as PlateauError).exitCode).toBe(3);
    return (error as PlateauError).message;
  }
  throw new Error('it was taken');
}

describe('validateScenario', () => {
  it('takes every form of target', () => {
    for (const target of [
      { script: new URL('file:///server.js'), ready: { line: /port (?<port>\d+)/, timeoutMs: 5 } },
      { command: ['python3', 'server.py', '{port}'] },
      { pid: 12 },
      { url: 'http://127.0.0.1:8080' },
      { command: ['postgres'], ready: { port: 5432 }, stopSignal: 'SIGINT' },
      { redis: {} },
      { redis: { arguments: ['--maxmemory', '10mb'], executable: 'valkey-server' } },
      { redis: 'redis://127.0.0.1:6379/0' },
      { postgres: { settings: { max_connections: 20, jit: false } } },
      { postgres: 'postgresql:///shop?host=/run/postgresql' },
      () => ({ pid: 12 }),
    ]) {
      expect(validateScenario({ ...sound, target }, 'x')).toMatchObject({ name: 'shop/carts' });
    }
  });

  it.each([
    [
      { operations: { cart: { create: () => 1 } } },
      'scenario shop.scenario.ts: `operations.cart.destroy` must be a function, got nothing',
    ],
    [{ operations: {} }, 'scenario shop.scenario.ts: `operations` must be at least one operation, got `{}` (object)'],
    [{ name: 'a b' }, 'scenario shop.scenario.ts: `name` must be letters, digits and . _ - /, got `"a b"` (string)'],
    [
      { hourlyLoad: [1, 2] },
      'scenario shop.scenario.ts: `hourlyLoad` must be a number for each of the 24 hours of a day, got `[1,2]` (array)',
    ],
    [{ concurrency: 0 }, 'scenario shop.scenario.ts: `concurrency` must be more than 0, got `0` (number)'],
    [
      { universe: 'all' },
      'scenario shop.scenario.ts: `universe` must be a whole number above 0, or \'fresh\', got `"all"` (string)',
    ],
    [
      { budgets: { heap: 3 } },
      'scenario shop.scenario.ts: `budgets.heap` must be named after a metric that plateau knows',
    ],
    [{ settle: { afterMs: '5' } }, 'scenario shop.scenario.ts: `settle.afterMs` must be a number, got `"5"` (string)'],
    [{ operation: {} }, 'scenario shop.scenario.ts: the scenario has no field `operation`'],
    [
      { target: 'server.js' },
      'scenario shop.scenario.ts: `target` must be one of {script}, {command}, {go}, {pid}, {url}, {redis}, {postgres}, or a function that returns one, got `"server.js"` (string)',
    ],
    [
      { target: { command: ['x'], ready: { port: 1 }, stopSignal: 'INT' } },
      'scenario shop.scenario.ts: `target.stopSignal` must be a signal such as \'SIGINT\', got `"INT"` (string)',
    ],
    [
      { target: { redis: 'http://127.0.0.1' } },
      'scenario shop.scenario.ts: `target.redis` must be an address such as redis://127.0.0.1:6379, or an object with arguments, executable, env, stopTimeoutMs, got `"http://127.0.0.1"` (string)',
    ],
    [
      { target: { postgres: { settings: { jit: null } } } },
      'scenario shop.scenario.ts: `target.postgres.settings.jit` must be a text, a number, or true or false, got `null` (object)',
    ],
    [
      { target: { command: ['x'], ready: { port: true } } },
      'scenario shop.scenario.ts: `target.ready.port` must be a number, got `true` (boolean)',
    ],
    [
      { target: { script: './x.js', ready: { line: 5 } } },
      'scenario shop.scenario.ts: `target.ready.line` must be a text or a regular expression, got `5` (number)',
    ],
    [
      { target: { comand: ['x'] } },
      'scenario shop.scenario.ts: `target` must be one of {script}, {command}, {go}, {pid}, {url}, {redis}, {postgres}, or a function that returns one, got `{"comand":["x"]}` (object)',
    ],
    [
      { target: { command: ['x'], ready: { port: 1, line: 'x' } } },
      'scenario shop.scenario.ts: `target.ready` must be exactly one of listening, port, line, message, url, got `{"port":1,"line":"x"}` (object)',
    ],
  ])('%o is refused by the name of its field', (change, message) => {
    expect(messageFor(change)).toBe(message);
  });
});
