import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { ServiceError } from '../../../service/service-error.js';
import { containerMarks } from '../containers/process-runtime.js';

export interface HoldersParts {
  readonly serviceId: string;
  readonly directory: string;
}

/** Starts $1 containers, each of which says when it is up, and waits; knows nothing of cleaning up. */
const script = `
for number in $(seq "$1"); do
  id="$CLEANROOM_RUN.$number"
  mkdir "volumes/$id" "networks/$id"
  echo "$id" > "volumes/$id/state"
  CLEANROOM_CONTAINER="$id" sh -c 'echo up; exec sleep 86400 > /dev/null' &
done
wait`;

/** Processes that hold the containers of a run and are killed without a chance to give them back. */
export class Holders {
  readonly #holders = new Map<number, ChildProcess>();
  readonly #parts: HoldersParts;
  #nextId = 1;

  constructor(parts: HoldersParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#holders.size;
  }

  async start({ containers }: { readonly containers: number }): Promise<{ id: number; runId: string }> {
    const id = this.#nextId++;
    const runId = `held-${id}`;
    const child = spawn('sh', ['-c', script, 'holder', String(containers)], {
      cwd: this.#parts.directory,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { ...process.env, ...containerMarks(this.#parts.serviceId, runId) },
    });
    this.#holders.set(id, child);
    await untilUp(child.stdout, containers);
    return { id, runId };
  }

  /** With SIGKILL; resolves when it is gone, its containers are not. */
  async kill(id: number): Promise<void> {
    const child = this.#holders.get(id);
    if (child === undefined) throw new ServiceError(404, `holder ${id}: not started`);
    this.#holders.delete(id);
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  async close(): Promise<void> {
    await Promise.all([...this.#holders.keys()].map((id) => this.kill(id)));
  }
}

async function untilUp(output: Readable, containers: number): Promise<void> {
  let up = 0;
  for await (const line of createInterface({ input: output })) {
    if (line === 'up') up += 1;
    if (up === containers) return;
  }
  throw new Error(`holder: ${up} of ${containers} containers came up`);
}
