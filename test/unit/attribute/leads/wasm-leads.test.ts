import { describe, expect, it } from 'vitest';
import type { Lead, LeadEvidence } from '../../../../harness/attribute/leads/lead.js';
import { attachWasm } from '../../../../harness/attribute/leads/wasm-leads.js';
import { findingWith } from '../../../support/record-with.js';

const evidence = (estimate: number, line: number): LeadEvidence => ({
  kind: 'retainer',
  slope: { estimate, low: estimate, high: estimate },
  describe: () => 'Objects added are kept',
  location: { file: '/srv/app/store.js', line },
});

const view = (path: string): Lead => ({
  evidence: new Map([['external', evidence(560_000, 31)]]),
  rates: [0.02],
  holder: { description: '`cachedMemory`', path: [path] },
});

const statements: Lead = {
  evidence: new Map([['heapUsed', evidence(88, 116)]]),
  rates: [1],
  holder: { description: '`database.statements`', path: ['statements: Object'] },
};

const leaking = [
  findingWith({
    metric: 'wasmMemory',
    verdict: 'leak',
    slope: { estimate: 530_000, low: 529_000, high: 531_000, unit: 'B/cycle' },
  }),
];

describe('WebAssembly memory', () => {
  it('is what grows, and not the view through which JavaScript sees it', () => {
    const [lead] = attachWasm([view('cachedMemory: Uint8Array (arena.cjs)')], leaking);
    expect(lead?.evidence.get('wasmMemory')).toMatchObject({ slope: { estimate: 530_000 }, location: { line: 31 } });
    expect(lead?.evidence.get('external')?.describe(1)).toMatch(/^WebAssembly memory grows: .*`cachedMemory`$/);
  });

  it('grows with the objects that have it, and the views of it are no leaks of their own', () => {
    const views = [view('bytes: Uint8Array (sql.js)'), view('words: BigInt64Array (sql.js)')];
    const [lead, ...more] = attachWasm([...views, statements], leaking);
    expect(more).toEqual([]);
    expect(lead?.holder).toBe(statements.holder);
    expect(lead?.evidence.get('wasmMemory')).toMatchObject({ slope: { estimate: 530_000 }, location: { line: 116 } });
    expect(lead?.evidence.get('external')).toMatchObject({ slope: { estimate: 1_120_000 }, location: { line: 116 } });
  });

  it('is what grows while too little was read of it to be sure', () => {
    const open = [{ ...leaking[0]!, verdict: 'inconclusive' as const }];
    const [lead] = attachWasm([view('cachedMemory: Uint8Array (arena.cjs)')], open);
    expect(lead?.evidence.get('external')?.describe(1)).toMatch(/^WebAssembly memory grows: /);
    const level = [{ ...leaking[0]!, verdict: 'plateau' as const }];
    const views = [view('cachedMemory: Uint8Array (arena.cjs)')];
    expect(attachWasm(views, level)).toEqual(views);
  });

  it('has nothing to do with buffers that grow by themselves, nor with what keeps them', () => {
    const buffers = [view('cachedMemory: Uint8Array (arena.cjs)')];
    expect(attachWasm(buffers, [])).toEqual(buffers);
    const kept = [view('uploads: Map (store.js)')];
    expect(attachWasm(kept, leaking)).toEqual(kept);
  });
});
