import { describe, expect, it } from 'vitest';
import { combinePasses } from '../../../../harness/analyse/findings/combine-passes.js';
import type { Judgement } from '../../../../harness/model/judgement.js';
import type { Finding } from '../../../../harness/model/run-record.js';

function finding(verdict: Finding['verdict'], low: number, high: number, detectionFloor: number): Finding {
  return {
    kind: 'growth',
    axis: 'cycle',
    metric: 'heapUsed',
    unit: 'B',
    verdict,
    shape: verdict === 'leak' ? 'linear' : 'flat',
    slope: { estimate: (low + high) / 2, low, high, unit: 'B/cycle' },
    confidence: 0.99,
    budget: 8,
    detectionFloor,
    first: 0,
    last: 0,
    rounds: 60,
    reason: 'said so',
  };
}

function pass(verdict: Judgement['verdict'], ...findings: Finding[]): Judgement {
  return {
    verdict,
    reason: `the pass says ${verdict}`,
    findings,
    audit: [{ check: 'gc-self-test', ok: true, detail: '' }],
    warnings: [],
    warmupRounds: 3,
  };
}

describe('combinePasses', () => {
  it('a leak too small for production flags is a leak when only the interpreter can see it', () => {
    const combined = combinePasses(
      pass('plateau', finding('plateau', -2, 5, 14)),
      pass('leak', finding('leak', 0.9, 1.1, 0.8)),
    );
    expect(combined.verdict).toBe('leak');
    expect(combined.findings[0]).toMatchObject({ verdict: 'leak', slope: { low: 0.9 } });
  });

  it('passes whose intervals exclude each other decide nothing, and both slopes are reported', () => {
    const combined = combinePasses(
      pass('leak', finding('leak', 40, 60, 14)),
      pass('plateau', finding('plateau', -0.1, 0.2, 0.8)),
    );
    expect(combined.verdict).toBe('inconclusive');
    expect(combined.reason).toBe(
      'heapUsed: the passes disagree: [40.0 50.0 60.0] B/cycle with production flags, [-0.100 0.0500 0.200] B/cycle with the interpreter only',
    );
  });

  it('a plateau needs both, and is reported by the sharper', () => {
    const sharp = finding('plateau', -0.1, 0.2, 0.8);
    expect(combinePasses(pass('plateau', finding('plateau', -2, 5, 14)), pass('plateau', sharp))).toMatchObject({
      verdict: 'plateau',
      findings: [{ detectionFloor: 0.8, reason: 'said so (with the interpreter only)' }],
    });
    expect(
      combinePasses(
        pass('plateau', finding('plateau', -2, 5, 14)),
        pass('inconclusive', finding('inconclusive', -1, 1, 2)),
      ).verdict,
    ).toBe('inconclusive');
  });

  it('what ended the first pass stays its verdict', () => {
    expect(combinePasses(pass('crashed'), pass('plateau')).verdict).toBe('crashed');
  });

  it('keeps what both passes say of their instruments', () => {
    expect(combinePasses(pass('plateau'), pass('plateau')).audit.map(({ check }) => check)).toEqual([
      'gc-self-test',
      'interpreter-only:gc-self-test',
    ]);
  });
});
