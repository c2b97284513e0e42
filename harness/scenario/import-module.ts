import { pathToFileURL } from 'node:url';
import { thrownStack } from '../model/thrown.js';
import { endlessProblem, loadingProblem, loadingTimeoutMs, moduleError } from './loading-problem.js';
import { registerPlateauResolver } from './plateau-resolver.js';

let resolverRegistered = false;

/**
 * Loads a module of the user's, TypeScript too; in it, `import 'plateau'` means the plateau that runs.
 * @throws {PlateauError} with `code` when it does not load, or does not end loading
 */
export async function importModule(
  file: string,
  code: Parameters<typeof moduleError>[0],
  subject: string,
): Promise<Record<string, unknown>> {
  let timer: NodeJS.Timeout | undefined;
  // The timer keeps this process alive too: Node would end it where nothing is left that an `await` could wait for.
  const endless = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(moduleError(code, subject, endlessProblem, undefined)), loadingTimeoutMs);
  });
  const imported = imports(file).catch(async (cause: unknown) => {
    throw moduleError(code, subject, await loadingProblem(file, thrownStack(cause)), cause);
  });
  try {
    return await Promise.race([imported, endless]);
  } finally {
    clearTimeout(timer);
  }
}

async function imports(file: string): Promise<Record<string, unknown>> {
  if (!resolverRegistered) {
    registerPlateauResolver();
    resolverRegistered = true;
  }
  const url = pathToFileURL(file).href;
  if (!/\.[cm]?ts$/.test(file)) return (await import(url)) as Record<string, unknown>;
  const { tsImport } = await import('tsx/esm/api');
  return (await tsImport(url, import.meta.url)) as Record<string, unknown>;
}
