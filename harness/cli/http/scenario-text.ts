import { relative } from 'node:path';
import type { RequestOperation } from '../../model/request.js';
import type { ScenarioDefinition, TargetDefinition } from '../../model/scenario.js';

/** What a scenario made of requests has. */
export interface RequestScenario
  extends Pick<
    ScenarioDefinition,
    'name' | 'summary' | 'concurrency' | 'pipelining' | 'csv' | 'universe' | 'faults' | 'upstreams' | 'http'
  > {
  readonly target: TargetDefinition;
  readonly operations: Readonly<Record<string, RequestOperation>>;
}

export interface ScenarioTextOptions {
  /** Where the scenario's relative paths start. */
  readonly directory: string;
  /** Where the module will lie. */
  readonly moduleDirectory: string;
  /** Bytes that were read from files, and which, absolute. */
  readonly files: ReadonlyMap<unknown, string>;
}

/** The module that defines a scenario, to go on from. */
export function scenarioText(scenario: RequestScenario, options: ScenarioTextOptions): string {
  const { directory, moduleDirectory, files } = options;
  const fromModule = (path: string) => {
    const relativePath = relative(moduleDirectory, path);
    return relativePath.startsWith('.') ? relativePath : `./${relativePath}`;
  };
  const { target, csv, ...rest } = scenario;
  const moved = {
    ...rest,
    target: directory === moduleDirectory || !isStarted(target) ? target : { ...target, cwd: fromModule(directory) },
    ...(csv !== undefined && { csv: fromModule(csv) }),
  };
  if ('script' in moved.target && directory !== moduleDirectory && typeof moved.target.script === 'string')
    moved.target = { ...moved.target, script: fromModule(`${directory}/${moved.target.script}`) };
  const { name, summary, target: shownTarget, operations, ...settings } = moved;
  const body = literal(
    { name, summary, target: shownTarget, operations, ...settings },
    '',
    (bytes) => `readFileSync(new URL(${quoted(fromModule(files.get(bytes) ?? ''))}, import.meta.url))`,
  );
  const imports = body.includes('readFileSync(') ? ["import { readFileSync } from 'node:fs';"] : [];
  return [
    ...imports,
    "import { defineScenario } from 'plateau';",
    '',
    '/** Requests as data; a `create` and a `destroy` may be functions too, which take `{ target, cycle, input }`. */',
    `export default defineScenario(${body});`,
    '',
  ].join('\n');
}

function isStarted(target: TargetDefinition): boolean {
  return 'script' in target || 'command' in target;
}

const widest = 100;

/** A value as TypeScript, on one line where it fits. */
function literal(value: unknown, indent: string, ofBytes: (bytes: Uint8Array) => string): string {
  if (value instanceof Uint8Array) return ofBytes(value);
  if (typeof value === 'string') return quoted(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const deeper = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((item) => literal(item, deeper, ofBytes))
    : Object.entries(value)
        .filter(([, field]) => field !== undefined)
        .map(
          ([key, field]) => `${/^[A-Za-z_$][\w$]*$/.test(key) ? key : quoted(key)}: ${literal(field, deeper, ofBytes)}`,
        );
  const [open, close, space] = Array.isArray(value) ? ['[', ']', ''] : ['{', '}', ' '];
  if (parts.length === 0) return `${open}${close}`;
  const line = `${open}${space}${parts.join(', ')}${space}${close}`;
  if (indent !== '' && line.length + indent.length <= widest && !line.includes('\n')) return line;
  return `${open}\n${parts.map((part) => `${deeper}${part},\n`).join('')}${indent}${close}`;
}

function quoted(text: string): string {
  const json = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${json}'`;
}
