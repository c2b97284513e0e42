import type { CapabilityCheck } from '../model/doctor-report.js';
import { PlateauError } from '../model/errors.js';
import { connectQueue } from './connect-queue.js';

type Found = Pick<CapabilityCheck, 'status' | 'detail'>;

interface Wanted {
  readonly capability: string;
  readonly purpose: string;
  readonly loss: string;
  readonly remedy: string;
}

const redis: Wanted = {
  capability: 'queue',
  purpose: 'the entries of a night, and the runs that come back',
  loss: 'nights run on this machine alone',
  remedy: 'redis-server, and npm install --save-dev bullmq ioredis',
};
const memory: Wanted = {
  capability: 'queue memory',
  purpose: 'entries that wait must stay',
  loss: 'a Redis that is full forgets entries, and the night waits for them',
  remedy: 'maxmemory-policy noeviction in redis.conf',
};
const workers: Wanted = {
  capability: 'queue workers',
  purpose: 'machines that take entries',
  loss: 'entries wait until one is started',
  remedy: 'plateau worker --queue <url> on any number of machines',
};

/**
 * What a fleet needs, as far as it can be seen from here.
 * @throws {PlateauError} `PLATEAU_INVALID_OPTION` for what is no address of a Redis
 */
export async function checkQueue(url: string): Promise<CapabilityCheck[]> {
  let connection: Awaited<ReturnType<typeof connectQueue>>;
  try {
    connection = await connectQueue(url);
  } catch (error) {
    if (!(error instanceof PlateauError) || error.code === 'PLATEAU_INVALID_OPTION') throw error;
    const { message: detail, hint: remedy = redis.remedy } = error;
    return [checked({ ...redis, remedy }, { status: 'missing', detail })];
  }
  try {
    const about = await connection.answered(connection.redis.info());
    const field = (name: string) => new RegExp(`^${name}:(.*)$`, 'm').exec(about)?.[1]?.trim();
    const policy = field('maxmemory_policy') ?? 'unknown';
    const count = await connection.answered(connection.queue.getWorkersCount());
    return [
      checked(redis, { status: 'ok', detail: `Redis ${field('redis_version') ?? ''} answers` }),
      checked(memory, { status: policy === 'noeviction' ? 'ok' : 'limited', detail: `maxmemory-policy ${policy}` }),
      checked(workers, {
        status: count > 0 ? 'ok' : 'limited',
        detail: `${count === 0 ? 'no worker takes' : count === 1 ? '1 worker takes' : `${count} workers take`} entries`,
      }),
    ];
  } catch (error) {
    return [checked(redis, { status: 'limited', detail: (error as Error).message })];
  } finally {
    await connection.close();
  }
}

function checked({ loss, remedy, ...wanted }: Wanted, found: Found): CapabilityCheck {
  return { ...wanted, group: 'fleet', ...found, ...(found.status !== 'ok' && { loss, remedy }) };
}
