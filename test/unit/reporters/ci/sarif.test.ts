import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../../../harness/model/run-record.js';
import { codeQualityReport } from '../../../../reporters/ci/code-quality.js';
import { sarifReport } from '../../../../reporters/ci/sarif.js';
import { leakRecord } from '../../../support/leak-record.js';
import { allRecords, plateauRecord } from '../../../support/run-records.js';
import { problemsOfSarif } from '../../../support/sarif-schema.js';

interface SarifResult {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly level: string;
  readonly locations: readonly {
    readonly physicalLocation: { readonly artifactLocation: { readonly uri: string }; readonly region: object };
  }[];
  readonly partialFingerprints: Readonly<Record<string, string>>;
}

function resultsOf(records: readonly RunRecord[], workspace = '/srv/shop'): readonly SarifResult[] {
  const log = JSON.parse(sarifReport(records, workspace)) as { readonly runs: readonly { results: SarifResult[] }[] };
  return log.runs.flatMap(({ results }) => results);
}

/** The leak with its first suspect in a file of the workspace. */
function leakAt(line: number, change: { readonly function?: string; readonly estimate?: number } = {}): RunRecord {
  const [suspect] = leakRecord.suspects;
  const { estimate = 64, ...names } = change;
  const location = { file: '/srv/shop/src/cache.ts', line, function: 'get', source: 'kept.push(entry);', ...names };
  const perCycle = { estimate, low: estimate - 1, high: estimate + 1, unit: 'B/cycle' };
  return { ...leakRecord, suspects: [{ ...suspect!, location, perCycle }] };
}

const fingerprints = (record: RunRecord) => resultsOf([record]).map(({ partialFingerprints }) => partialFingerprints);

describe('SARIF', () => {
  it.each(Object.entries(allRecords))('is valid against the schema of its standard: %s', (_name, record) => {
    expect(problemsOfSarif(JSON.parse(sarifReport([record], '/srv/shop')))).toEqual([]);
  });

  it('is refused by the schema where something is missing, so that the test above can fail', () => {
    const log = JSON.parse(sarifReport([leakRecord], '/srv/shop')) as { runs: { tool?: object }[] };
    delete log.runs[0]!.tool;
    expect(problemsOfSarif(log)).not.toEqual([]);
  });

  it('shows a leak at its line, and nothing for what levels off', () => {
    expect(resultsOf([plateauRecord])).toEqual([]);
    const [result] = resultsOf([leakAt(8)]);
    expect(result).toMatchObject({ ruleId: 'leak', ruleIndex: 0, level: 'error' });
    expect(result!.locations[0]!.physicalLocation).toMatchObject({
      artifactLocation: { uri: 'src/cache.ts' },
      region: { startLine: 8 },
    });
  });

  it('is an analysis for each scenario, and none for what is undecided, so that its alerts stay', () => {
    const inconclusive = Object.values(allRecords).find(({ verdict }) => verdict === 'inconclusive')!;
    const categoriesOf = (...records: readonly RunRecord[]) => {
      const log = JSON.parse(sarifReport(records, '/srv/shop')) as {
        readonly runs: readonly { readonly automationDetails?: { readonly id: string } }[];
      };
      return log.runs.map(({ automationDetails }) => automationDetails?.id);
    };
    const other = { ...plateauRecord, scenario: 'other' };
    expect(categoriesOf(leakRecord, leakRecord, other, { ...inconclusive, scenario: 'third' })).toEqual([
      `plateau/${leakRecord.scenario}/`,
      'plateau/other/',
    ]);
    expect(categoriesOf({ ...inconclusive, scenario: 'third' })).toEqual([]);
    const many = Array.from({ length: 21 }, (_, index) => ({ ...plateauRecord, scenario: `s${index}` }));
    expect(categoriesOf(...many)).toEqual([undefined]);
  });

  it('keeps the alert while its line moves and its growth is measured anew', () => {
    expect(fingerprints(leakAt(8))).toEqual(fingerprints(leakAt(80, { estimate: 65.2 })));
    expect(fingerprints(leakAt(8))).not.toEqual(fingerprints(leakAt(8, { function: 'put' })));
  });

  it('shows what lies outside of the workspace at a file that is in it', () => {
    const uri = (record: RunRecord, workspace: string) =>
      resultsOf([record], workspace)[0]!.locations[0]!.physicalLocation.artifactLocation.uri;
    expect(uri(leakAt(8), '/srv/shop')).toBe('src/cache.ts');
    expect(uri({ ...leakRecord, suspects: [] }, '/srv/shop')).toBe('package.json');
  });
});

describe('Code Quality', () => {
  it('has the same alerts with the same fingerprints', () => {
    const [entry] = JSON.parse(codeQualityReport([leakAt(8)], '/srv/shop')) as Record<string, unknown>[];
    expect(entry).toMatchObject({
      check_name: 'plateau/leak',
      severity: 'critical',
      fingerprint: fingerprints(leakAt(80))[0]!['plateau/v1'],
      location: { path: 'src/cache.ts', lines: { begin: 8 } },
    });
  });
});
