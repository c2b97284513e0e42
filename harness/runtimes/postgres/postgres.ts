import type { Client } from 'pg';
import { noInsideView } from '../../model/errors.js';
import type {
  ConnectContext,
  ProcessFacts,
  Runtime,
  RuntimeConnection,
  RuntimeRequirement,
} from '../../model/runtime.js';
import { thrownMessage } from '../../model/thrown.js';
import { memoryLogOf } from './memory-log.js';
import { postgresAddresses } from './postgres-address.js';
import { PostgresConnection } from './postgres-connection.js';

const installCommand = 'npm install --save-dev pg';
const connectTimeoutMs = 5_000;
const answerTimeoutMs = 30_000;

/** The server itself: its sessions and workers write other titles, and are asked about through it. */
const executable = /\/(postgres|postmaster)$/;
const childTitle = /^postgres: /;

export const postgres: Runtime = {
  name: 'PostgreSQL',
  memory: 'manual',
  detect: ({ executable: path, arguments: words }) => executable.test(path ?? '') && !childTitle.test(words[0] ?? ''),
  connect,
  requirements,
};

async function connect(facts: ProcessFacts, context: ConnectContext): Promise<RuntimeConnection> {
  const { Client } = await loadDriver();
  const failures: string[] = [];
  for (const address of postgresAddresses(facts, context.url)) {
    const client = new Client({
      ...address,
      application_name: 'plateau',
      connectionTimeoutMillis: connectTimeoutMs,
      query_timeout: answerTimeoutMs,
      // A statement of plateau's that waits for a lock must not wait for the run's end.
      lock_timeout: 1_000,
    });
    // The next statement fails too, and says why.
    client.on('error', () => undefined);
    try {
      await client.connect();
      return await open(client, facts, context);
    } catch (error) {
      await client.end().catch(() => undefined);
      failures.push(thrownMessage(error));
    }
  }
  throw noInsideView(
    `it lets nobody in: ${failures.join('; ') || 'its address is not known'}`,
    'pass an address with a user who may read pg_stat_activity: target: { postgres: "postgres://user:password@127.0.0.1/database" }',
  );
}

async function open(client: Client, facts: ProcessFacts, context: ConnectContext): Promise<RuntimeConnection> {
  const { pid } = facts;
  const { isStarted, directory } = context;
  return new PostgresConnection({
    client,
    pid,
    isStarted,
    directory,
    found: await memoryLogOf(client, facts, context),
  });
}

async function loadDriver(): Promise<Pick<typeof import('pg'), 'Client'>> {
  try {
    return (await import('pg')).default;
  } catch (cause) {
    throw noInsideView(
      'looking into PostgreSQL needs the package pg, which is not installed',
      `run \`${installCommand}\``,
      cause,
    );
  }
}

async function requirements(): Promise<readonly RuntimeRequirement[]> {
  const ok = await loadDriver().then(
    () => true,
    () => false,
  );
  const detail = ok ? 'installed' : 'not installed; PostgreSQL servers are asked through it';
  return [{ check: 'package pg', ok, detail, ...(!ok && { hint: `run \`${installCommand}\`` }) }];
}
