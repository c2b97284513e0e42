import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { type Baseline, type BaselineEntry, baselineSchema, baselineSchemaVersion } from '../model/baseline.js';
import { PlateauError } from '../model/errors.js';
import { thrownMessage } from '../model/thrown.js';
import { gotInsteadOfFile } from '../platform/user-files.js';
import { storeError } from './store-error.js';

export const defaultBaselineFile = 'plateau.baseline.json';

/**
 * Reads a baseline file.
 * @returns undefined when there is no such file
 * @throws {PlateauError} `PLATEAU_INVALID_BASELINE` that names the field, `PLATEAU_STORE`
 */
export function readBaseline(path: string): Baseline | undefined {
  if (!existsSync(path)) return undefined;
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw invalidBaseline(`${path}: expected a file, got ${gotInsteadOfFile(error)}`, error);
  }
  return parseBaseline(text, path);
}

/** @throws {PlateauError} `PLATEAU_INVALID_BASELINE` that names the field */
export function parseBaseline(text: string, path: string): Baseline {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const problem = thrownMessage(error);
    throw invalidBaseline(`${path}: expected JSON, got ${problem}`, error);
  }
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (version !== undefined && version !== baselineSchemaVersion)
    throw invalidBaseline(`${path}: schemaVersion: expected ${baselineSchemaVersion}, got ${JSON.stringify(version)}`);
  const checked = baselineSchema.safeParse(value);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    const field = issue?.path
      .map((part) => (/^[\w-]+$/.test(String(part)) ? String(part) : JSON.stringify(part)))
      .join('.');
    throw invalidBaseline(`${path}: ${field || 'content'}: ${issue?.message ?? 'not valid'}`);
  }
  for (const [scenario, { metrics }] of Object.entries(checked.data.scenarios))
    for (const [metric, { low, slope, high }] of Object.entries(metrics))
      if (!(low <= slope && slope <= high))
        throw invalidBaseline(
          `${path}: scenarios.${JSON.stringify(scenario)}.metrics.${metric}: expected low <= slope <= high, got ${low}, ${slope}, ${high}`,
        );
  return checked.data;
}

function invalidBaseline(message: string, cause?: unknown): PlateauError {
  return new PlateauError('PLATEAU_INVALID_BASELINE', `${message}.`, {
    hint: 'restore the file from version control, or write it anew with plateau baseline update <run>',
    cause,
  });
}

/** The file with one entry put in, or put in anew. */
export function withEntry(baseline: Baseline | undefined, key: string, entry: BaselineEntry): Baseline {
  return { schemaVersion: baselineSchemaVersion, scenarios: { ...baseline?.scenarios, [key]: entry } };
}

/** Sorted, one metric a line: a change shows as the lines that it is. */
export function baselineText({ scenarios }: Baseline): string {
  const sorted = <T>(values: Readonly<Record<string, T>>) =>
    Object.entries(values).sort(([left], [right]) => (left < right ? -1 : 1));
  const line = (value: object) =>
    `{ ${Object.entries(value)
      .map(([name, one]) => `${JSON.stringify(name)}: ${JSON.stringify(one)}`)
      .join(', ')} }`;
  const entries = sorted(scenarios).map(([key, { run, recordedAt, cycles, environment, metrics }]) => {
    const metricLines = sorted(metrics).map(([metric, growth]) => `        ${JSON.stringify(metric)}: ${line(growth)}`);
    return `    ${JSON.stringify(key)}: {
      "run": ${JSON.stringify(run)},
      "recordedAt": ${JSON.stringify(recordedAt)},
      "cycles": ${cycles},
      "environment": ${line(environment)},
      "metrics": {${metricLines.length === 0 ? '' : `\n${metricLines.join(',\n')}\n      `}}
    }`;
  });
  const body = entries.length === 0 ? '{}' : `{\n${entries.join(',\n')}\n  }`;
  return `{\n  "schemaVersion": ${baselineSchemaVersion},\n  "scenarios": ${body}\n}\n`;
}

/** Writes a file that goes into version control: readable by whoever may read the repository. @throws {PlateauError} `PLATEAU_STORE` */
export function writeBaseline(path: string, baseline: Baseline): void {
  try {
    writeFileSync(path, baselineText(baseline));
  } catch (error) {
    throw storeError('write', path, error);
  }
}
