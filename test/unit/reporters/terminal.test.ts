import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { terminalReport, terminalSummary } from '../../../reporters/index.js';
import { leakRecord } from '../../support/leak-record.js';
import { nastyRecord } from '../../support/nasty-record.js';
import { findingWith, recordWith } from '../../support/record-with.js';
import { allRecords, plateauRecord } from '../../support/run-records.js';

const context = { directory: '/srv/app', reportPath: '/srv/app/.plateau/runs/7f3a/report.html' };
const records = Object.entries(allRecords);

describe('terminal report', () => {
  for (const [name, record] of records)
    for (const width of [40, 80, 120])
      it(`${name} in ${width} columns`, async () => {
        await expect(terminalReport(record, { ...context, width })).toMatchFileSnapshot(
          `golden/terminal-${name}-${width}.txt`,
        );
      });

  it('says nothing by colour alone', () => {
    for (const [, record] of records) {
      const coloured = terminalReport(record, { ...context, color: true });
      expect(coloured).toContain('\u001b[');
      expect(stripVTControlCharacters(coloured)).toBe(terminalReport(record, context));
    }
  });

  it('shows a reason once that a failed check and a warning give', () => {
    const detail = 'its allocations are not counted: it ran before plateau';
    const audit = [{ check: 'probe:inside-view:C, C++ or Rust', ok: false, detail }];
    const warnings = [`\`./lock\` is seen from outside only: ${detail}; let plateau start it`];
    const shown = (given: string[]) => {
      const report = terminalReport(recordWith({ audit, warnings: given }), context);
      return report.replaceAll(/\s+/g, ' ').split(detail).length - 1;
    };
    expect([shown(warnings), shown([])]).toEqual([1, 1]);
  });

  it('begins with the verdict, in a symbol and a word', () => {
    expect(
      records.map(([, record]) =>
        terminalReport(record, { width: 120 })
          .split('\n')[0]
          ?.match(/^(.).* ([A-Z]{4,})/)
          ?.slice(1),
      ),
    ).toEqual([
      ['✓', 'PLATEAU'],
      ['✗', 'LEAK'],
      ['?', 'INCONCLUSIVE'],
      ['✗', 'CRASHED'],
      ['?', 'INTERRUPTED'],
      ['✗', 'STALLED'],
      ['✗', 'LEAK'],
    ]);
  });

  it('keeps to the terminal, but for paths and commands that must stay whole', () => {
    for (const width of [40, 60, 80, 120])
      for (const [, record] of records.filter(([name]) => name !== 'nasty'))
        for (const line of terminalReport(record, { ...context, width }).split('\n'))
          if (!/plateau (run|compare|analyse)|\.(ts|js|html)\b/.test(line))
            expect(stringWidth(line), line).toBeLessThanOrEqual(width);
  });

  it('lets nothing from a target act on the terminal', () => {
    expect(terminalReport(nastyRecord, context)).not.toMatch(/[^\P{C}\n]/u);
  });

  it('stays short whatever the number of metrics, and shows what it left out', () => {
    const many = Array.from({ length: 400 }, (_, index) =>
      findingWith({
        metric: `objects.Class${index}`,
        unit: 'objects',
        verdict: index === 0 ? 'leak' : 'advisory',
        shape: 'linear',
        slope: { estimate: 1, low: 1, high: 1, unit: 'objects/cycle' },
      }),
    );
    const report = terminalReport({ ...leakRecord, findings: many });
    expect(report.split('\n').length).toBeLessThan(50);
    expect(report).toContain('388 more: objects.Class12,');
    expect(terminalReport({ ...leakRecord, findings: many }, { verbose: true })).toContain('objects.Class399');
  });

  it('gives huge counts room', () => {
    const record = recordWith({
      ...plateauRecord,
      counts: {
        cycles: 9_007_199_254_740,
        created: 9_007_199_254_740,
        destroyed: 1,
        failed: 0,
        rounds: 86_400,
        warmupRounds: 9,
      },
      endedAt: '2027-11-21T07:15:02.000Z',
    });
    expect(terminalReport(record).split('\n').slice(0, 2).join('\n')).toMatchInlineSnapshot(`
      "✓ branch-store/branches  PLATEAU
        365d · 9,007,199,254,740 cycles · 86,400 rounds · seed 41"
    `);
  });

  it('advises a longer run in words that the command takes', () => {
    expect(terminalReport(allRecords.inconclusive!)).toContain('plateau run upload --seed 7 --duration 3m\n');
    const ended = recordWith({
      ...allRecords.inconclusive!,
      rerun: 'plateau run upload --duration 20s --rounds 11 --seed 7',
      parameters: { rounds: 11 },
    });
    expect(terminalReport(ended)).toContain('plateau run upload --seed 7 --duration 3m --rounds 68\n');
  });

  it('offers attribution only where it was off', () => {
    const without = { ...leakRecord, suspects: [], explained: undefined };
    const off = recordWith({ ...without, parameters: { ...leakRecord.parameters, attribution: 'off' } });
    expect(terminalReport(off)).toContain('--attribution on-leak');
    expect(terminalReport(recordWith(without))).not.toContain('--attribution');
  });
});

describe('summary of several runs', () => {
  it('has a line each and counts how they ended', async () => {
    const some = records.filter(([name]) => name !== 'nasty').map(([, record]) => record);
    await expect(terminalSummary(some, { width: 80 })).toMatchFileSnapshot('golden/terminal-summary.txt');
  });

  it('shows no time of a run of which none is known, as one that was killed before its first floor', () => {
    expect(terminalSummary([{ ...plateauRecord, endedAt: plateauRecord.startedAt }])).not.toMatch(/ ms$/m);
  });

  it('does not take nothing for a pass', () => {
    expect(terminalSummary([])).toContain('none ran');
  });
});
