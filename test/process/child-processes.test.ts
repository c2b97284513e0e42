import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runRecordSchema } from '../../harness/model/run-record.js';
import { plateau } from '../support/cli.js';
import { temporaryDirectory } from '../support/temporary-directory.js';

const directory = fileURLToPath(new URL('../fixtures/children', import.meta.url));

async function soak(script: string, variable: 'LEAK' | 'SOUND') {
  const out = temporaryDirectory();
  const start = `${variable}=1 node ${script}`;
  const given = ['http', '--start', start, '/pages?q={input}', '--json', '--quiet', '--seed', '41', '--out', out];
  const { stdout } = await plateau(given, { directory });
  return runRecordSchema.parse(JSON.parse(stdout));
}

test.each(['parent.cjs', 'cluster.cjs'])(
  'a child process of %s that grows is a leak with its command line',
  async (script) => {
    const command = `node ${script === 'parent.cjs' ? 'renderer.cjs' : script}`;
    const { verdict, findings, suspects } = await soak(script, 'LEAK');
    expect(verdict).toBe('leak');
    expect(findings.find(({ metric }) => metric === `childHeap.${command}`)).toMatchObject({ verdict: 'leak' });
    expect(suspects[0]).toMatchObject({ kind: 'process', description: expect.stringContaining(`\`${command}\``) });
  },
);

test.each(['parent.cjs', 'cluster.cjs'])('child processes of %s that keep nothing pass', async (script) => {
  const { verdict, findings } = await soak(script, 'SOUND');
  expect(verdict).toBe('plateau');
  expect(findings.filter(({ metric }) => metric.startsWith('childHeap.'))).toHaveLength(1);
});
