import { describe, it } from 'vitest';
import * as postgres from '../fixtures/runtimes/postgres/cases.js';
import * as redis from '../fixtures/runtimes/redis/cases.js';
import * as ruby from '../fixtures/runtimes/ruby/cases.js';
import { expectTruth, hasPostgres, hasRedis, hasRuby } from '../support/store-judgement.js';

const suites = [
  { name: 'Redis', isThere: hasRedis, ...redis },
  { name: 'PostgreSQL', isThere: hasPostgres, ...postgres },
  { name: 'Ruby', isThere: hasRuby, ...ruby },
];

for (const { name, isThere, leakingCases, soundCases } of suites) {
  describe.runIf(isThere)(`every case of ${name}`, () => {
    it.each([...leakingCases, ...soundCases])('$scenario.name', expectTruth);
  });
}
