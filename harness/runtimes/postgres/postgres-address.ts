import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClientConfig } from 'pg';
import type { ProcessFacts } from '../../model/runtime.js';

/**
 * Where a server may be asked, the best first: at the address of the target where that is PostgreSQL's own, since it
 * carries a user, else where the server's own notes say that it listens. The variables of libpq say who asks there.
 */
export function postgresAddresses(
  { workingDirectory }: ProcessFacts,
  url: string | undefined,
  environment: Readonly<Record<string, string | undefined>> = process.env,
): ClientConfig[] {
  if (url !== undefined && /^postgres(ql)?:/.test(url)) return [{ connectionString: url }];
  const notes = workingDirectory === undefined ? undefined : readNotes(join(workingDirectory, 'postmaster.pid'));
  if (notes === undefined) return [];
  const who = {
    port: notes.port,
    user: environment.PGUSER ?? 'postgres',
    database: environment.PGDATABASE ?? 'postgres',
  };
  return [notes.socketDirectory, notes.host].flatMap((host) => (host === undefined ? [] : [{ ...who, host }]));
}

interface ServerNotes {
  readonly port: number;
  readonly socketDirectory: string | undefined;
  readonly host: string | undefined;
}

/** `postmaster.pid` in the data directory, which a server works in. */
function readNotes(path: string): ServerNotes | undefined {
  try {
    return parseNotes(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** Lines: pid, data directory, start time, port, socket directory, address. */
export function parseNotes(text: string): ServerNotes | undefined {
  const [, , , port, socketDirectory = '', address = ''] = text.split('\n').map((line) => line.trim());
  if (!/^\d+$/.test(port ?? '')) return undefined;
  return {
    port: Number(port),
    socketDirectory: socketDirectory === '' ? undefined : socketDirectory,
    host: address === '' ? undefined : address === '*' || address === '0.0.0.0' ? '127.0.0.1' : address,
  };
}
