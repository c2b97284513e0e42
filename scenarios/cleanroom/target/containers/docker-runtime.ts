import { execFile } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Container, ContainerOptions, ContainerRuntime, Leftovers } from './container-runtime.js';

const execute = promisify(execFile);
const pollMs = 50;

/** Image of the containers: any that has `sh` and `sleep`. */
export const containerImage = process.env.CLEANROOM_IMAGE ?? 'busybox';

/** Runs the command line tool. @throws {Error} with what it said */
export async function docker(...words: readonly string[]): Promise<string> {
  return (await execute('docker', words, { timeout: 30_000 })).stdout.trim();
}

/** Containers by Docker, labelled with the ids of their service and run. */
export class DockerRuntime implements ContainerRuntime {
  readonly kind = 'docker';
  readonly #serviceId: string;
  #started = 0;

  constructor({ serviceId }: { readonly serviceId: string }) {
    this.#serviceId = serviceId;
  }

  async start({ runId, stubborn = false }: ContainerOptions): Promise<Container> {
    this.#started += 1;
    // Names are those of the whole machine.
    const id = `cleanroom-${this.#serviceId}.${runId}.${this.#started}`;
    const labels = ['--label', `cleanroom.service=${this.#serviceId}`, '--label', `cleanroom.run=${runId}`];
    await docker('volume', 'create', ...labels, id);
    await docker('network', 'create', ...labels, id);
    const script = `${stubborn ? "trap '' TERM" : "trap 'exit 0' TERM"}; while :; do sleep 1; done`;
    const place = ['--name', id, '--network', id, '--volume', `${id}:/state`];
    await docker('run', '--detach', ...place, ...labels, containerImage, 'sh', '-c', script);
    return { id, runId };
  }

  async signal({ id }: Container, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await docker('kill', '--signal', signal, id).catch(() => undefined);
  }

  async gone({ id }: Container, timeoutMs: number): Promise<boolean> {
    const deadlineMs = performance.now() + timeoutMs;
    while ((await docker('ps', '--quiet', '--filter', `name=^${id}$`)) !== '') {
      if (performance.now() > deadlineMs) return false;
      await wait(pollMs);
    }
    return true;
  }

  async removeLeftovers({ id }: Container): Promise<void> {
    await docker('rm', '--force', id).catch(() => undefined);
    await docker('network', 'rm', id).catch(() => undefined);
    await docker('volume', 'rm', '--force', id).catch(() => undefined);
  }

  async list(runId?: string): Promise<readonly Container[]> {
    const ofRun = runId === undefined ? [] : ['--filter', `label=cleanroom.run=${runId}`];
    const lines = await docker(
      'ps',
      ...this.#ownFilter(),
      ...ofRun,
      '--format',
      '{{.Names}} {{.Label "cleanroom.run"}}',
    );
    return lines.split('\n').flatMap((line) => {
      const [id, run] = line.split(' ');
      return id === undefined || run === undefined ? [] : [{ id, runId: run }];
    });
  }

  async countLeftovers(): Promise<Leftovers> {
    const count = async (kind: 'volume' | 'network') => {
      const names = await docker(kind, 'ls', '--quiet', ...this.#ownFilter());
      return names.split('\n').filter((name) => name !== '').length;
    };
    return { volumes: await count('volume'), networks: await count('network') };
  }

  #ownFilter(): string[] {
    return ['--filter', `label=cleanroom.service=${this.#serviceId}`];
  }
}
