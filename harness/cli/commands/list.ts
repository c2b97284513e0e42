import { wrap } from '../../../reporters/format/layout.js';
import { type Style, styleFor } from '../../../reporters/format/style.js';
import { builtInScenarios } from '../../../scenarios/index.js';
import { type MetricChannel, metricDefinitions } from '../../model/metric.js';
import type { DefectDeclaration, Expectation, Scenario } from '../../model/scenario.js';
import type { AddCommand, CliContext } from '../context.js';
import type { SuiteEntry } from '../suite/suite.js';
import { suiteOfDirectory } from '../suite/suite-of-directory.js';

export const addListCommand: AddCommand = (program, act) => {
  program
    .command('list')
    .description('scenarios, their operations, the defects they can plant and what each is expected to show; metrics')
    .option('--config <file>', 'configuration (default: plateau.config.ts, where there is one)')
    .option('--json', 'for scripts')
    .action(act(list));
};

interface Flags {
  readonly json?: true;
  readonly config?: string;
}

/** What the configuration of the directory declares comes first: it is the user's own. */
async function list({ output, directory }: CliContext, flags: Flags): Promise<number> {
  const suite = await suiteOfDirectory(directory, flags.config);
  const scenarios = await builtInScenarios();
  const { report } = output;
  const width = Math.min(report.width, 120);
  const style = styleFor(report.color);
  const catalogue = [...suite.map(suiteCatalogueEntry), ...scenarios.map(catalogueEntry)];
  if (flags.json) report.write(`${JSON.stringify(catalogue, undefined, 2)}\n`);
  else report.write(suiteText(suite, width, style) + catalogueText(scenarios, width, style));
  return 0;
}

/** An entry of a configuration as scripts see it: what it runs, and the name that runs it. */
function suiteCatalogueEntry({ name, variant, source, options }: SuiteEntry) {
  const own =
    source.kind === 'definition'
      ? catalogueEntry(source.scenario)
      : { system: '', summary: '', operations: ['cycle'], defects: [], sound: [], static: [] };
  return { ...own, name, configured: true, ...(variant !== undefined && { variant }), options };
}

function suiteText(suite: readonly SuiteEntry[], width: number, style: Style): string {
  const blocks = suite.map(({ name, source }) => {
    const { summary = '' } = source.kind === 'definition' ? source.scenario : {};
    const of = source.kind === 'functions' ? `functions of ${source.reference}` : source.reference;
    return [
      style.bold(name),
      ...(summary === '' ? [] : [indented(summary, 2, width)]),
      indented(style.dim(`configured: ${of}`), 2, width),
    ].join('\n');
  });
  return blocks.map((block) => `${block}\n\n`).join('');
}

/** What scripts see of a scenario. */
function catalogueEntry({ name, summary, operations, defects, sound, static: unshowable }: Scenario) {
  return {
    name,
    system: systemOf(name),
    summary: summary ?? '',
    operations: Object.keys(operations),
    defects: Object.entries(defects ?? {}).map(([defect, { summary: what, audit, expect }]) => ({
      name: defect,
      summary: what,
      audit: audit ?? [],
      expect,
    })),
    sound: sound ?? [],
    static: Object.keys(unshowable ?? {}),
  };
}

function systemOf(name: string): string {
  return name.split('/', 1)[0] ?? name;
}

function catalogueText(scenarios: readonly Scenario[], width: number, style: Style): string {
  const blocks = scenarios.map((scenario) => scenarioLines(scenario, width, style).join('\n'));
  return `${[...blocks, metricLines(width, style).join('\n')].join('\n\n')}\n`;
}

function scenarioLines(scenario: Scenario, width: number, style: Style): string[] {
  const { name, summary = '', operations, defects = {} } = scenario;
  return [
    style.bold(name),
    ...(summary === '' ? [] : [indented(summary, 2, width)]),
    indented(style.dim(`operations: ${Object.keys(operations).join(', ')}`), 2, width),
    ...Object.entries(defects).flatMap(([defect, declaration]) => defectLines(defect, declaration, width, style)),
  ];
}

function defectLines(name: string, { summary, expect }: DefectDeclaration, width: number, style: Style): string[] {
  return [
    indented(`--defect ${style.cyan(name)}`, 4, width),
    indented(summary, 6, width),
    indented(style.dim(expectationText(expect)), 6, width),
  ];
}

/** `expected: leak of gauge.commitLocks, 1 a cycle, linear` */
export function expectationText({ verdict, metric, perCycle, shape }: Expectation): string {
  const of = metric === undefined ? '' : ` of ${metric}`;
  const slope = perCycle === undefined ? [] : [`${perCycle} a cycle`];
  return `expected: ${[verdict + of, ...slope, ...(shape === undefined ? [] : [shape])].join(', ')}`;
}

/** How metrics of some channels take part in the verdict, unlike all others. */
const roles: Partial<Record<MetricChannel, string>> = {
  context: ', not judged',
  advisory: ', decides only alone',
  peak: ', decides only with a budget',
};

function metricLines(width: number, style: Style): string[] {
  return [
    style.bold('Metrics'),
    ...metricDefinitions().map(({ name, unit, channel, description }) => {
      const role = roles[channel] ?? '';
      return indented(`${style.cyan(name)}  ${description} (${unit}${role})`, 2, width);
    }),
  ];
}

function indented(text: string, columns: number, width: number): string {
  return ' '.repeat(columns) + wrap(text, width, columns);
}
