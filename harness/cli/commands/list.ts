import { wrap } from '../../../reporters/format/layout.js';
import { type Style, styleFor } from '../../../reporters/format/style.js';
import { builtInScenarios } from '../../../scenarios/index.js';
import { metricDefinitions } from '../../model/metric.js';
import type { DefectDeclaration, Expectation, Scenario } from '../../model/scenario.js';
import type { AddCommand, CliContext } from '../context.js';

export const addListCommand: AddCommand = (program, act) => {
  program
    .command('list')
    .description('scenarios, their operations, the defects they can plant and what each is expected to show; metrics')
    .option('--json', 'for scripts')
    .action(act(list));
};

async function list({ output }: CliContext, flags: { readonly json?: true }): Promise<number> {
  const scenarios = await builtInScenarios();
  const { report } = output;
  if (flags.json) report.write(`${JSON.stringify(scenarios.map(catalogueEntry), undefined, 2)}\n`);
  else report.write(catalogueText(scenarios, Math.min(report.width, 120), styleFor(report.color)));
  return 0;
}

/** What scripts are told of a scenario. */
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

function metricLines(width: number, style: Style): string[] {
  return [
    style.bold('Metrics'),
    ...metricDefinitions().map(({ name, unit, channel, description }) => {
      const role = channel === 'context' ? ', not judged' : channel === 'advisory' ? ', decides only alone' : '';
      return indented(`${style.cyan(name)}  ${description} (${unit}${role})`, 2, width);
    }),
  ];
}

function indented(text: string, columns: number, width: number): string {
  return ' '.repeat(columns) + wrap(text, width, columns);
}
