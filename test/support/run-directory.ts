import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';

/** The directory of the only run that a command has left. */
export function runDirectory(directory: string, out = '.plateau'): string {
  const runs = join(directory, out, 'runs');
  const [id, ...others] = readdirSync(runs);
  expect(others).toEqual([]);
  return join(runs, id as string);
}
