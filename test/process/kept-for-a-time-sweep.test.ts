import { describe, it } from 'vitest';
import { timeCases } from '../fixtures/time/cases.js';
import { expectTruthInTime } from '../support/time-judgement.js';

describe('with virtual time, what any service keeps for a time levels off, and its twin leaks', () => {
  it.each(timeCases)('$name', expectTruthInTime);
});
