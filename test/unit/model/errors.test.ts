import { expect, it } from 'vitest';
import { PlateauError, withMessage } from '../../../harness/model/errors.js';

it('an error in other words keeps what was printed last, and what to do', () => {
  const error = new PlateauError('PLATEAU_TARGET_START', 'the target ended', {
    hint: 'start it by itself',
    lastLines: ['no such file'],
  });
  const shown = withMessage(error, (message) => `before: ${message}`);
  expect(shown).toMatchObject({
    code: 'PLATEAU_TARGET_START',
    message: 'before: the target ended',
    hint: 'start it by itself',
    lastLines: ['no such file'],
    cause: error,
  });
});

it('what plateau did not raise stays as it is', () => {
  const error = new TypeError('no function');
  expect(withMessage(error, () => 'other')).toBe(error);
});
