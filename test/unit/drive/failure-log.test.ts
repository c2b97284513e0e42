import { createConnection } from 'node:net';
import { describe, expect, test } from 'vitest';
import { FailureLog } from '../../../harness/drive/failure-log.js';

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

function logOf(...errors: unknown[]): ReturnType<FailureLog['list']> {
  const log = new FailureLog();
  for (const error of errors) log.add('thing', 'create', error);
  return log.list();
}

describe('failures of cycles', () => {
  test('are counted by kind, most frequent first', () => {
    const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    const failures = logOf(refused, new RangeError('too long'), refused);
    expect(failures.map(({ kind, count }) => [kind, count])).toEqual([
      ['ECONNREFUSED', 2],
      ['RangeError', 1],
    ]);
  });

  test('count whatever was thrown, also what has no text and what throws when it is read', () => {
    const throwing = {
      get: () => {
        throw new Error('read');
      },
    };
    const thrown = [undefined, null, Symbol('s'), Object.create(null), new Proxy(new Error('p'), throwing)];
    expect(logOf(...thrown).map(({ kind, message, count }) => [kind, message, count])).toEqual([
      ['object', 'null', 2],
      ['undefined', 'undefined', 1],
      ['symbol', 'Symbol(s)', 1],
      ['string', 'a value that has no text', 1],
    ]);
  });

  test('of the code of a scenario name its line', () => {
    const answer: { things?: string[] } = {};
    const [failure] = logOf(thrownBy(() => answer.things![0]));
    expect(failure!.message).toMatch(/reading '0'\) at test\/unit\/drive\/failure-log\.test\.ts:\d+:\d+$/);
  });

  test('that state what was answered name no line', async () => {
    const refused = await new Promise<Error>((resolve) => {
      createConnection({ port: 1, host: '127.0.0.1' }).on('error', resolve);
    });
    expect(logOf(refused)[0]).toMatchObject({ kind: 'ECONNREFUSED', message: refused.message });
  });

  test('without a stack, and those that are no errors, are kept as they are', () => {
    const bare = new Error('no stack');
    delete bare.stack;
    expect(logOf(bare, 'thrown text').map(({ message }) => message)).toEqual(['no stack', 'thrown text']);
  });

  test('of ever new kinds are bounded', () => {
    const kinds = Array.from({ length: 200 }, (_, kind) => Object.assign(new Error('x'), { code: `E${kind}` }));
    const failures = logOf(...kinds);
    expect(failures.length).toBe(51);
    expect(failures[0]).toMatchObject({ kind: 'other', count: 150 });
  });
});
