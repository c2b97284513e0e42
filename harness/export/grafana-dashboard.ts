import { familyDefinitions } from './metric-families.js';

/** Panels in the order of the dashboard: what is drawn, of which family. */
const panels: readonly PanelPlan[] = [
  { family: 'plateau_verdict', title: 'Verdict', kind: 'stat', width: 6, height: 5, expression: verdictNow },
  { family: 'plateau_stage', title: 'Stage', kind: 'stat', width: 6, height: 5, legend: '{{stage}}', text: true },
  { family: 'plateau_undecided', title: 'Undecided metrics', kind: 'stat', width: 6, height: 5 },
  { family: 'plateau_elapsed_seconds', title: 'Elapsed', kind: 'stat', width: 6, height: 5, unit: 's' },
  {
    family: 'plateau_floor',
    title: 'Floors of memory',
    kind: 'timeseries',
    width: 12,
    height: 9,
    unit: 'bytes',
    legend: '{{scenario}} {{metric}}',
    filter: 'unit="B"',
  },
  {
    family: 'plateau_floor',
    title: 'Floors of counts',
    kind: 'timeseries',
    width: 12,
    height: 9,
    legend: '{{scenario}} {{metric}}',
    filter: 'unit!="B"',
  },
  { family: 'plateau_cycles_per_second', title: 'Throughput', kind: 'timeseries', width: 12, height: 8, unit: 'ops' },
  {
    family: 'plateau_failed_cycles',
    title: 'Failed cycles a second',
    kind: 'timeseries',
    width: 12,
    height: 8,
    expression: (selector) => `rate(plateau_failed_cycles_total{${selector}}[$__rate_interval])`,
  },
  { family: 'plateau_cycles', title: 'Cycles', kind: 'timeseries', width: 12, height: 7 },
  { family: 'plateau_rounds', title: 'Rounds', kind: 'timeseries', width: 12, height: 7 },
  {
    family: 'plateau_slope',
    title: 'Slopes at the verdict',
    kind: 'table',
    width: 12,
    height: 10,
    filter: 'bound="estimate"',
  },
  { family: 'plateau_budget', title: 'Budgets', kind: 'table', width: 12, height: 10 },
  {
    family: 'plateau_metric_verdict',
    title: 'Verdicts of metrics',
    kind: 'table',
    width: 24,
    height: 10,
    expression: (selector) => `plateau_metric_verdict{${selector}} == 1`,
  },
];

interface PanelPlan {
  readonly family: string;
  readonly title: string;
  readonly kind: 'stat' | 'timeseries' | 'table';
  /** Of 24. */
  readonly width: number;
  readonly height: number;
  readonly unit?: string;
  /** @defaultValue `{{scenario}}` */
  readonly legend?: string;
  readonly filter?: string;
  /** Shows the legend instead of the value. */
  readonly text?: boolean;
  readonly expression?: (selector: string) => string;
}

/** Grafana puts the data source that was chosen in its place. */
const datasource = { type: 'prometheus', uid: '$datasource' } as const;

function verdictNow(selector: string): string {
  return `plateau_verdict{${selector}} == 1`;
}

/** A Grafana dashboard of everything that is exported, for the import dialogue and for provisioning. */
export function grafanaDashboard() {
  const known = new Map(familyDefinitions().map((definition) => [definition.name, definition]));
  let [x, y, rowHeight] = [0, 0, 0];
  const placed = panels.map((plan, index) => {
    if (x + plan.width > 24) [x, y, rowHeight] = [0, y + rowHeight, 0];
    const gridPos = { x, y, w: plan.width, h: plan.height };
    x += plan.width;
    rowHeight = Math.max(rowHeight, plan.height);
    const { help = '', type } = known.get(plan.family) ?? {};
    return { ...panelOf(plan, type === 'counter'), id: index + 1, description: help, gridPos };
  });
  return {
    title: 'plateau',
    uid: 'plateau',
    tags: ['plateau', 'soak'],
    schemaVersion: 39,
    version: 1,
    editable: true,
    refresh: '5s',
    time: { from: 'now-1h', to: 'now' },
    timezone: '',
    templating: { list: variables },
    panels: placed,
  };
}

const variables = [
  { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' },
  {
    name: 'scenario',
    label: 'Scenario',
    type: 'query',
    datasource,
    query: { query: 'label_values(plateau_cycles_total, scenario)', refId: 'scenario' },
    definition: 'label_values(plateau_cycles_total, scenario)',
    refresh: 2,
    includeAll: true,
    multi: true,
    allValue: '.*',
    current: { text: 'All', value: '$__all' },
  },
] as const;

function panelOf({ family, title, kind, unit, legend, filter, text, expression }: PanelPlan, counter: boolean) {
  const selector = ['scenario=~"$scenario"', ...(filter === undefined ? [] : [filter])].join(',');
  const expr = expression?.(selector) ?? `${family}${counter ? '_total' : ''}{${selector}}`;
  const named = text === true || family === 'plateau_verdict';
  return {
    title,
    type: kind,
    datasource,
    targets: [
      {
        refId: 'A',
        datasource,
        expr,
        legendFormat: legend ?? (family === 'plateau_verdict' ? '{{scenario}}: {{verdict}}' : '{{scenario}}'),
        ...(kind === 'table' && { format: 'table', instant: true }),
      },
    ],
    fieldConfig: { defaults: { ...(unit !== undefined && { unit }) }, overrides: [] },
    options: kind === 'stat' ? { textMode: named ? 'name' : 'auto', reduceOptions: { calcs: ['lastNotNull'] } } : {},
  };
}
