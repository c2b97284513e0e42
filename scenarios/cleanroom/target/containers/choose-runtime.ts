import type { ContainerRuntime } from './container-runtime.js';
import { containerImage, DockerRuntime, docker } from './docker-runtime.js';
import { ProcessRuntime, type ProcessRuntimeOptions } from './process-runtime.js';

export interface ChosenRuntime {
  readonly runtime: ContainerRuntime;
  /** Why it is not the one that was asked for. */
  readonly reason?: string;
}

/** Docker where it is asked for and can be had, else processes. */
export async function chooseRuntime(wanted: string, options: ProcessRuntimeOptions): Promise<ChosenRuntime> {
  if (wanted !== 'docker') return { runtime: new ProcessRuntime(options) };
  try {
    await docker('version', '--format', '{{.Server.Version}}');
    await docker('image', 'inspect', '--format', '{{.Id}}', containerImage);
    return { runtime: new DockerRuntime(options) };
  } catch (error) {
    return { runtime: new ProcessRuntime(options), reason: lastLine(error) };
  }
}

function lastLine(error: unknown): string {
  const text = (error as { stderr?: string }).stderr?.trim() || String((error as Error).message);
  return text.split('\n').at(-1)!;
}
