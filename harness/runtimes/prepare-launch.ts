import type { Launch, LaunchAdditions, Runtime } from '../model/runtime.js';

/**
 * Lets every runtime add what it needs to a command. Each sees what those before it have added, so that variables that
 * several of them extend (`PATH`, `LD_PRELOAD`) keep all their parts.
 */
export async function prepareLaunch(runtimes: readonly Runtime[], launch: Launch): Promise<LaunchAdditions> {
  let prepared = launch;
  const environment: Record<string, string> = {};
  const warnings: string[] = [];
  for (const runtime of runtimes) {
    const additions = await runtime.prepare?.(prepared);
    if (additions === undefined) continue;
    const [file, ...rest] = additions.command ?? [prepared.file, ...prepared.arguments];
    prepared = {
      ...prepared,
      file,
      arguments: rest,
      environment: { ...prepared.environment, ...additions.environment },
    };
    Object.assign(environment, additions.environment);
    warnings.push(...(additions.warnings ?? []));
  }
  return { environment, command: [prepared.file, ...prepared.arguments], warnings };
}
