import type { Lead, LeadEvidence } from '../../harness/attribute/leads/lead.js';
import type { PassGrowth } from '../../harness/attribute/suspects.js';
import type { CodeLocation, Finding, GrowthFinding } from '../../harness/model/run-record.js';

export const at = (line: number, functionName = 'handle'): CodeLocation => ({
  file: '/app/server.js',
  line,
  function: functionName,
});

export function evidence(estimate: number, kind: LeadEvidence['kind'], location?: CodeLocation): LeadEvidence {
  const slope = { estimate, low: estimate * 0.9, high: estimate * 1.1 };
  return {
    kind,
    slope,
    describe: (share, booked = estimate) => `${kind}: ${booked / share} a cycle`,
    ...(location !== undefined && { location, stack: [location] }),
  };
}

export function lead(shown: Readonly<Record<string, LeadEvidence>>, rate: number, holder?: Lead['holder']): Lead {
  return { evidence: new Map(Object.entries(shown)), rates: [rate], ...(holder !== undefined && { holder }) };
}

export function finding(metric: string, slope: number, more: Partial<GrowthFinding> = {}): Finding {
  return {
    kind: 'growth',
    axis: 'cycle',
    metric,
    unit: metric === 'heapUsed' ? 'B' : metric,
    verdict: 'leak',
    shape: 'linear',
    slope: { estimate: slope, low: slope, high: slope, unit: `${metric}/cycle` },
    confidence: 0.99,
    budget: 0,
    detectionFloor: 0,
    first: 0,
    last: 1,
    rounds: 30,
    reason: '',
    ...more,
  };
}

export const holder = { description: '`sessions` (Map)', path: ['sessions: Map'] };
export const none: PassGrowth = { slopeOf: () => undefined, shareOf: () => 1 };
