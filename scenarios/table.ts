import type { ScenarioDefinition } from '../harness/index.js';

type Defect = NonNullable<ScenarioDefinition['defects']>[string];

/** The page that shows what the built-in targets can show; kept in README.md, made from the declarations. */
export function scenarioTable(scenarios: readonly ScenarioDefinition[]): string {
  const systems = new Map<string, ScenarioDefinition[]>();
  for (const scenario of scenarios) {
    const system = scenario.name.split('/', 1)[0]!;
    systems.set(system, [...(systems.get(system) ?? []), scenario]);
  }
  return `${[introduction, ...[...systems].map(([system, of]) => section(system, of))].join('\n\n')}\n`;
}

export const tableHeading = '# Built-in scenarios';

const introduction = `${tableHeading}

Five services in TypeScript, the same in Rust or Python, and one each in Go and Java; each sound by default, with defects that \`--defect\` plants. Look for what leaks in your own service, run the scenario that is
nearest to it with and without its defect, and see how the report distinguishes them. \`plateau verify\` runs all of it and holds what each row
showed against what is expected here. What follows is made from the declarations (\`npm run scenarios\`).`;

function section(system: string, scenarios: readonly ScenarioDefinition[]): string {
  return [`## ${system}`, ...scenarios.map(scenarioBlock)].join('\n\n');
}

function scenarioBlock({
  name,
  summary = '',
  operations,
  defects = {},
  sound = [],
  static: unshowable = {},
}: ScenarioDefinition): string {
  const rows = Object.entries(defects).map(([defect, declaration]) => row(defect, declaration));
  return [
    `### ${name}`,
    `${sentence(summary)} Operations: ${Object.keys(operations).join(', ')}.${sound.length === 0 ? '' : ` Sound: ${sound.join(', ')}.`}`,
    ...(rows.length === 0
      ? []
      : [['| `--defect` | what it does | shows | expected |', '|---|---|---|---|', ...rows].join('\n')]),
    ...Object.entries(unshowable).map(([id, why]) => `${id}: no run can show it. ${sentence(why)}`),
  ].join('\n\n');
}

function row(name: string, { summary, audit = [], expect }: Defect): string {
  const { verdict, metric, perCycle, shape } = expect;
  const slope = perCycle === undefined ? [] : [`${perCycle} a cycle`];
  const expected = [
    metric === undefined ? verdict : `${verdict} of \`${metric}\``,
    ...slope,
    ...(shape === undefined ? [] : [shape]),
  ];
  return `| \`${name}\` | ${summary.replaceAll('|', '\\|')} | ${audit.join(', ')} | ${expected.join(', ')} |`;
}

function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
