import { parseArgs } from 'node:util';

/** The defects named by `--defect NAME` (repeatable); the other options are left to the service. */
export function plantedDefects<Name extends string>(
  known: readonly Name[],
  options: readonly string[] = process.argv.slice(2),
): ReadonlySet<Name> {
  const { values } = parseArgs({
    args: [...options],
    options: { defect: { type: 'string', multiple: true } },
    strict: false,
  });
  const planted = (values.defect ?? []).map(String);
  for (const name of planted) {
    if (!(known as readonly string[]).includes(name)) {
      throw new Error(`--defect: expected one of ${known.join(', ')}, got ${name}`);
    }
  }
  return new Set(planted as Name[]);
}
