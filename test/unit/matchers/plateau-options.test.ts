import { describe, expect, it } from 'vitest';
import { type PlateauOptions, runOptionsOf } from '../../../harness/matchers/plateau-options.js';

describe('options of toPlateau', () => {
  it('take times and sizes as the command line does', () => {
    const options = runOptionsOf({ duration: '1.5m', budgets: { heapUsed: '2 KiB', fds: 0.001 }, seed: 7 });
    expect(options).toEqual({
      durationMs: 90_000,
      budgets: { heapUsed: 2048, fds: 0.001 },
      seed: 7,
      outDirectory: '.plateau/tests',
    });
  });

  it('leave the time of a module to the run, and give a function its own', () => {
    expect(runOptionsOf({})).not.toHaveProperty('durationMs');
    expect(runOptionsOf({}, 20_000).durationMs).toBe(20_000);
    expect(runOptionsOf({ duration: 5_000 }, 20_000).durationMs).toBe(5_000);
  });

  it.each<[PlateauOptions, string]>([
    [{ duration: 'soon' }, 'toPlateau: `duration` expected ms above 0, or a time such as \'30s\', got "soon"'],
    [{ duration: 0 }, "toPlateau: `duration` expected ms above 0, or a time such as '30s', got 0"],
    [{ budgets: { heapUsed: 'some' } }, 'toPlateau: `budgets.heapUsed` expected a number or a size, got "some"'],
  ])('refuse %j', (options, message) => {
    expect(() => runOptionsOf(options)).toThrow(message);
  });
});
