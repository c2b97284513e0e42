import { describe, expect, it } from 'vitest';
import { grafanaDashboard } from '../../../harness/export/grafana-dashboard.js';
import { type ExportedRun, familyDefinitions, metricFamilies } from '../../../harness/export/metric-families.js';
import { openMetricsText, prometheusText } from '../../../harness/export/open-metrics.js';
import { leakRecord } from '../../support/leak-record.js';

const running: ExportedRun = {
  scenario: 'shop/carts',
  variant: '',
  progress: {
    scenario: 'shop/carts',
    runId: '20260301-020000-00abc',
    stage: 'driving',
    round: 7,
    cycles: 1540,
    failed: 2,
    cyclesPerSecond: 412.5,
    elapsedMs: 3_733,
    undecided: ['heapUsed', 'fds'],
    series: [
      { metric: 'heapUsed', unit: 'B', floors: [6_000_000, 6_001_024] },
      { metric: 'gauge.a"b\\c\nd', unit: 'entries', floors: [4] },
    ],
  },
};

describe('OpenMetrics text', () => {
  it('shows a run that goes on', () => {
    expect(openMetricsText(metricFamilies([running]))).toMatchInlineSnapshot(`
      "# TYPE plateau_run info
      # HELP plateau_run The run that the other metrics are of.
      plateau_run_info{scenario="shop/carts",run="20260301-020000-00abc"} 1
      # TYPE plateau_cycles counter
      # HELP plateau_cycles Cycles driven, each a create and its destroy.
      plateau_cycles_total{scenario="shop/carts"} 1540
      # TYPE plateau_failed_cycles counter
      # HELP plateau_failed_cycles Cycles of which a create or a destroy failed.
      plateau_failed_cycles_total{scenario="shop/carts"} 2
      # TYPE plateau_rounds counter
      # HELP plateau_rounds Rounds driven, each with a floor at its end.
      plateau_rounds_total{scenario="shop/carts"} 7
      # TYPE plateau_cycles_per_second gauge
      # HELP plateau_cycles_per_second Cycles per second of driving.
      plateau_cycles_per_second{scenario="shop/carts"} 412.5
      # TYPE plateau_elapsed_seconds gauge
      # UNIT plateau_elapsed_seconds seconds
      # HELP plateau_elapsed_seconds Time since the first cycle.
      plateau_elapsed_seconds{scenario="shop/carts"} 3.733
      # TYPE plateau_stage gauge
      # HELP plateau_stage What the run is doing: 1 for its stage.
      plateau_stage{scenario="shop/carts",stage="driving"} 1
      # TYPE plateau_undecided gauge
      # HELP plateau_undecided Metrics that are neither shown to level off nor to leak yet.
      plateau_undecided{scenario="shop/carts"} 2
      # TYPE plateau_floor gauge
      # HELP plateau_floor Value of a metric at the last floor: at rest, after collection, without compiled code.
      plateau_floor{scenario="shop/carts",metric="heapUsed",unit="B"} 6001024
      plateau_floor{scenario="shop/carts",metric="gauge.a\\"b\\\\c\\nd",unit="entries"} 4
      # EOF
      "
    `);
  });

  it('is understood by scrapers of the older format too', () => {
    expect(
      prometheusText(metricFamilies([running]))
        .split('\n')
        .slice(0, 6),
    ).toMatchInlineSnapshot(`
      [
        "# HELP plateau_run_info The run that the other metrics are of.",
        "# TYPE plateau_run_info gauge",
        "plateau_run_info{scenario="shop/carts",run="20260301-020000-00abc"} 1",
        "# HELP plateau_cycles_total Cycles driven, each a create and its destroy.",
        "# TYPE plateau_cycles_total counter",
        "plateau_cycles_total{scenario="shop/carts"} 1540",
      ]
    `);
  });

  it('shows verdicts, slopes and budgets of a run that is judged, and no stage of it', () => {
    const text = openMetricsText(metricFamilies([{ ...running, record: leakRecord }]));
    expect(text).toContain('plateau_verdict{scenario="shop/carts",verdict="leak"} 1\n');
    expect(text).toContain('plateau_verdict{scenario="shop/carts",verdict="plateau"} 0\n');
    expect(text).toContain('plateau_slope{scenario="shop/carts",metric="heapUsed",unit="B/cycle",bound="low"} 1239\n');
    expect(text).toContain('plateau_budget{scenario="shop/carts",metric="heapUsed",unit="B/cycle"} ');
    expect(text).toContain('plateau_stage{scenario="shop/carts",stage="judged"} 1\n');
  });

  it('says only that it ends while nothing has begun', () => {
    expect(openMetricsText(metricFamilies([]))).toBe('# EOF\n');
    expect(openMetricsText(metricFamilies([{ scenario: 'shop/carts', variant: 'ws' }]))).toBe('# EOF\n');
  });

  it('keeps variants apart', () => {
    const text = openMetricsText(metricFamilies([running, { ...running, variant: 'ws' }]));
    expect(text).toContain('plateau_cycles_total{scenario="shop/carts"} 1540\n');
    expect(text).toContain('plateau_cycles_total{scenario="shop/carts",variant="ws"} 1540\n');
  });
});

describe('Grafana dashboard', () => {
  it('draws every family that is exported, and nothing else', () => {
    const { panels } = grafanaDashboard();
    const drawn = panels.flatMap(({ targets }) => targets.map(({ expr }) => /plateau_\w+/.exec(expr)![0]));
    const exported = familyDefinitions()
      .filter(({ type }) => type !== 'info')
      .map(({ name, type }) => (type === 'counter' ? `${name}_total` : name));
    expect([...new Set(drawn)].sort()).toEqual([...exported].sort());
  });

  it('lays its panels out side by side', () => {
    const cells = grafanaDashboard().panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(cells.every((cell) => Number(cell.split(',')[0]) < 24)).toBe(true);
  });
});
