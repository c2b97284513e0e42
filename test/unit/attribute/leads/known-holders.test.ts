import { describe, expect, it } from 'vitest';
import { handleTypeOf, inKnownWords } from '../../../../harness/attribute/leads/known-holders.js';
import type { RetainingPath } from '../../../../harness/attribute/snapshot/retaining-path.js';

const path = (more: Partial<RetainingPath>): RetainingPath => ({
  expression: 'sessions',
  steps: ['sessions: Map'],
  origin: 'variable',
  names: ['sessions'],
  className: 'Map',
  chain: [],
  script: 'node:internal/somewhere',
  ...more,
});

describe('holders of Node and V8', () => {
  it.each([
    [{ expression: '$Module._cache', className: 'Object' }, 'require.cache'],
    [{ expression: 'timerListMap[...]._idleNext', className: 'TimersList' }, 'timers: of Node, not yet due'],
    [
      { expression: 'this[bucket-interval]._idleNext', className: 'Timeout', script: '/srv/app/breaker.js' },
      'timers: of Node, not yet due',
    ],
    [{ expression: '_process', className: 'process', steps: ['_process: process'] }, 'process'],
    [{ expression: 'Node / FSEventWrap', origin: 'root' as const }, 'open handles: FSEventWrap'],
    [{ expression: 'Node / PrincipalRealm[...]', className: 'Map', origin: 'root' as const }, 'Node itself: Map'],
    [{ expression: '(Global handles)', origin: 'root' as const }, 'native code: by a global handle'],
  ])('%o is %s', (more, step) => {
    expect(inKnownWords(path(more)).steps).toEqual([step]);
  });

  it('leave the words of the target alone', () => {
    const own = path({ expression: 'timerListMap', script: 'file:///srv/app/timers.js' });
    expect(inKnownWords(own)).toBe(own);
  });

  it('leave an object of the target behind a timer its own name', () => {
    const behind = path({
      expression: 'timerListMap[...]._idleNext._onTimeout.data',
      ownExpression: 'SessionCache.data',
    });
    expect(inKnownWords(behind)).toMatchObject({ ownExpression: 'SessionCache.data', className: 'Map' });
    expect(inKnownWords(behind).script).toBeUndefined();
  });

  it('what hangs on the process is in no script of Node', () => {
    const hooked = path({ expression: 'process.contexts', steps: ['process: process', '.contexts: Map'] });
    const { script: _script, ...known } = hooked;
    expect(inKnownWords(hooked)).toEqual(known);
  });

  it('are handles by the type that async_hooks has for them', () => {
    const known = inKnownWords(path({ expression: 'Node / FSEventWrap', origin: 'root' }));
    expect(handleTypeOf(known)).toBe('FSEVENTWRAP');
    expect(handleTypeOf(path({}))).toBeUndefined();
  });
});
