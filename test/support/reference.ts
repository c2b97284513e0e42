import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import ts from 'typescript';
import { createProgram } from '../../harness/cli/program.js';

const start = '<!-- reference -->';
const end = '<!-- /reference -->';

/** Types whose fields users write, in the order in which they are shown. */
const sources: readonly (readonly [title: string, file: string, names: readonly string[]])[] = [
  [
    'defineScenario',
    'scenario.ts',
    [
      'ScenarioDefinition',
      'Operation',
      'CycleContext',
      'ScenarioTarget',
      'StartedTarget',
      'ScriptTarget',
      'CommandTarget',
      'GoTarget',
      'PidTarget',
      'UrlTarget',
      'RedisTarget',
      'RedisServer',
      'PostgresTarget',
      'PostgresServer',
      'DefectDeclaration',
      'Expectation',
    ],
  ],
  [
    'The client of a scenario',
    'http.ts',
    [
      'HttpSettings',
      'HttpClient',
      'HttpRequestOptions',
      'HttpResponse',
      'AnswerStream',
      'EventStream',
      'ServerSentEvent',
      'WebSocketHandle',
      'OpenHandle',
      'WaitOptions',
    ],
  ],
  ['Operations made of requests', 'request.ts', ['RequestOperation', 'RequestTemplate']],
  [
    'defineConfig',
    'configuration.ts',
    [
      'PlateauConfiguration',
      'SuiteScenario',
      'SuiteRunOptions',
      'Canary',
      'NightlyConfiguration',
      'RetentionConfiguration',
      'WebhookConfiguration',
    ],
  ],
];

/** The README of scenarios with the reference as the types and the command line have it. */
export async function withReference(readme: string): Promise<string> {
  const before = readme.slice(0, readme.indexOf(start) + start.length);
  const after = readme.slice(readme.indexOf(end));
  return `${before}\n\n${await reference()}\n${after}`;
}

async function reference(): Promise<string> {
  const types = sources.map(([title, file, names]) => `### ${title}\n\n${typesText(file, names)}`);
  return `${types.join('\n')}\n### Command line\n\n${await commandsText()}`;
}

function typesText(file: string, names: readonly string[]): string {
  const text = readFileSync(new URL(`../../harness/model/${file}`, import.meta.url), 'utf8');
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const declared = source.statements.filter(ts.isInterfaceDeclaration);
  return names
    .map((name) => {
      const found = declared.find((declaration) => declaration.name.text === name);
      if (found === undefined) throw new Error(`${file} declares no interface ${name}`);
      const extended = (found.heritageClauses ?? []).flatMap(({ types }) =>
        types.map((type) => `\`${type.getText()}\``),
      );
      const and = extended.length === 0 ? '' : ` Also the fields of ${extended.join(', ')}.`;
      return `**\`${name}\`** ${commentOf(found)}${and}\n\n${table(found)}`;
    })
    .join('\n');
}

function table({ members }: ts.InterfaceDeclaration): string {
  const rows = members.map((member) => {
    const optional = (member as ts.PropertySignature).questionToken === undefined ? '' : '?';
    return `| \`${member.name?.getText() ?? ''}${optional}\` | \`${cell(typeOf(member))}\` | ${cell(commentOf(member))} |`;
  });
  return ['| field | type | |', '|---|---|---|', ...rows, ''].join('\n');
}

function typeOf(member: ts.TypeElement): string {
  if (ts.isPropertySignature(member)) return withoutComments(member.type?.getText() ?? 'unknown');
  const text = member.getText();
  return withoutComments(text.slice(text.indexOf('(')).replace(/;$/, ''));
}

function withoutComments(text: string): string {
  return text
    .replace(/\/\*\*[\s\S]*?\*\//g, '')
    .replace(/\breadonly /g, '')
    .replace(/\s+/g, ' ')
    .trim();
}

function commentOf(node: ts.Node): string {
  const text = ts
    .getJSDocCommentsAndTags(node)
    .map((comment) =>
      comment
        .getText()
        .replace(/^\/\*\*|\*\/$/g, '')
        .replace(/^\s*\* ?/gm, ''),
    )
    .join(' ')
    .replace(/\s+/g, ' ')
    .trim();
  return text
    .replace(/@defaultValue ([^@]*)/, 'Default: $1.')
    .replace(/@throws.*$/, '')
    .replace(/\.\.$/, '.')
    .trim();
}

function cell(text: string): string {
  return text.replace(/\|/g, '\\|');
}

/** Called by a shell, and by those who read no page. */
const unlisted: ReadonlySet<string> = new Set(['complete', 'help']);

async function commandsText(): Promise<string> {
  const settings = {
    version: '',
    createContext: () => {
      throw new Error('nothing is run');
    },
    onExitCode: () => undefined,
  };
  const program = await createProgram(settings, ['help']);
  const shown = program.commands.filter((command) => !unlisted.has(command.name()));
  return shown.map((command) => commandText(command, 'plateau')).join('\n');
}

function commandText(command: Command, parent: string): string {
  const name = `${parent} ${command.name()}`;
  const inner = command.commands.filter((one) => !unlisted.has(one.name()));
  if (inner.length > 0) return inner.map((one) => commandText(one, name)).join('\n');
  const given = command.registeredArguments.map((argument) => {
    const shown = argument.variadic ? `${argument.name()}...` : argument.name();
    return argument.required ? `<${shown}>` : `[${shown}]`;
  });
  const rows = command.options.map(
    ({ flags, description, defaultValue, defaultValueDescription = defaultValue }) =>
      `| \`${cell(flags)}\` | ${cell(description)}${defaultValue === undefined ? '' : ` (default: ${String(defaultValueDescription)})`} |`,
  );
  const options = rows.length === 0 ? '' : ['', '| option | |', '|---|---|', ...rows, ''].join('\n');
  return `**\`${[name, ...given].join(' ')}\`** ${command.description()}\n${options}`;
}
