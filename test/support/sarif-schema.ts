import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import AjvDraft04 from 'ajv-draft-04';

const schemaFile = createRequire(import.meta.url).resolve('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
const validate = new AjvDraft04.default({ strict: false, unicodeRegExp: false, validateFormats: false }).compile(
  JSON.parse(readFileSync(schemaFile, 'utf8')) as object,
);

/** What the schema of SARIF 2.1.0 has against a log; nothing where it is valid. */
export function problemsOfSarif(log: unknown): readonly unknown[] {
  validate(log);
  return validate.errors ?? [];
}
