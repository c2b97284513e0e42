import { runScenario } from 'plateau';
import { describe, expect, it } from 'vitest';
import { keptForATime } from '../fixtures/runtimes/go/cases.js';
import { timeCases } from '../fixtures/time/cases.js';
import { hasCommand } from '../support/managed-judgement.js';
import { temporaryDirectory } from '../support/temporary-directory.js';
import { expectTruthInTime } from '../support/time-judgement.js';

/** By a timer of each entry, by the sweep of a library, and by a store that is read. */
const chosen = ['map-timeout', 'node-cache', 'express-session'];

describe('with virtual time, what is kept for a time levels off, and its twin leaks', () => {
  it.each(timeCases.filter(({ name }) => chosen.includes(name)))('$name', expectTruthInTime);
});

/** Three waits of 75 s, and what is driven between them. */
const timeout = 900_000;

describe.runIf(hasCommand('go'))('in real time, what a service in Go keeps for a time is waited for', () => {
  it.each(keptForATime)('$scenario.name', { timeout }, async ({ scenario, leak }) => {
    const record = await runScenario(scenario, { seed: 41, outDirectory: temporaryDirectory() });
    // A map in Go keeps its room for good: beside other work, two further loads do not always show that it is enough.
    const verdicts = leak === undefined ? ['plateau', 'inconclusive'] : ['leak'];
    expect(verdicts, record.reason).toContain(record.verdict);
  });
});
