import { describe, it } from 'vitest';
import { timeCases } from '../fixtures/time/cases.js';
import { expectTruthInTime } from '../support/time-judgement.js';

/** By a timer of each entry, by the sweep of a library, and by a store that is read. */
const chosen = ['map-timeout', 'node-cache', 'express-session'];

describe('with virtual time, what is kept for a time levels off, and its twin leaks', () => {
  it.each(timeCases.filter(({ name }) => chosen.includes(name)))('$name', expectTruthInTime);
});
