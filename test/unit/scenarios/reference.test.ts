import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { withReference } from '../../support/reference.js';

it('scenarios/README.md lists every field and option (else: npm run reference)', async () => {
  const readme = readFileSync(new URL('../../../scenarios/README.md', import.meta.url), 'utf8');
  expect(readme).toBe(await withReference(readme));
});
