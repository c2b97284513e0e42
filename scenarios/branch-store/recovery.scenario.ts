import { appendFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CycleContext, defineScenario, operation } from '../../harness/index.js';
import { databaseFiles, storeScenario } from './store-target.js';

/** Creates a database, commits, and closes it with a commit that is not on disk yet. */
async function beginDatabase({ target: { http }, cycle, input }: CycleContext): Promise<string> {
  const name = `recovered-${cycle}`;
  await http.post('/databases', { name, checkpoints: 'manual' });
  await http.put(`/databases/${name}/branches/main/keys/kv/first`, { value: input });
  await http.post(`/databases/${name}/branches/main/commits`, {
    durability: 'relaxed',
    writes: [{ family: 'kv', key: 'second', value: input }],
  });
  await http.post(`/databases/${name}/detach`);
  return name;
}

/** What a crash may leave: half a record at the end, and once a segment that cannot be read. */
async function damageLog(name: string, { target }: CycleContext): Promise<void> {
  const { segments } = databaseFiles(target, name);
  const unreadable = join(segments, '0000000002.wal');
  await writeFile(unreadable, 'not a log segment');
  await target.http.request('POST', '/databases', { body: { name }, accept: [500] });
  await rm(unreadable);
  await appendFile(join(segments, '0000000001.wal'), 'half a record');
}

async function recoverDatabase(name: string, { target: { http }, input }: CycleContext): Promise<void> {
  await http.post('/databases', { name, checkpoints: 'manual' });
  for (const key of ['first', 'second']) {
    const read = (await http.get(`/databases/${name}/branches/main/keys/kv/${key}`)).json<{ value: unknown }>();
    if (read.value !== input) throw new Error(`${name}: expected ${input} in "${key}", got ${read.value}`);
  }
  await http.post(`/databases/${name}/checkpoint`);
  await http.put(`/databases/${name}/exports/copy`, { branch: 'main' });
}

const handleLeak = (perCycle: number) => ({ verdict: 'leak', metric: 'fds', shape: 'linear', perCycle }) as const;

export default defineScenario({
  name: 'branch-store/recovery',
  summary: 'a database: create it, close it in mid-commit, damage its log, recover, checkpoint, export, delete it',
  ...storeScenario,
  operations: {
    database: operation({
      create: async (context) => {
        const name = await beginDatabase(context);
        await damageLog(name, context);
        await recoverDatabase(name, context);
        return name;
      },
      destroy: (name, { target }) => target.http.delete(`/databases/${name}`),
    }),
  },
  concurrency: 4,
  defects: {
    'segment-read-handle': { summary: 'a segment stays open after it was read', expect: handleLeak(3) },
    'segment-append-handle': { summary: 'a segment that is continued stays open', expect: handleLeak(1) },
    'dropped-writer-handle': {
      summary: "a database's last segment stays open when the database is closed",
      expect: handleLeak(2),
    },
    'snapshot-handle': { summary: 'a snapshot stays open after it was written', expect: handleLeak(1) },
    'export-handle': { summary: 'an export stays open after it was written', expect: handleLeak(1) },
    'manifest-handle': { summary: 'a manifest stays open after it was written', expect: handleLeak(2) },
  },
  sound: ['000-05', '000-07'],
});
