import { pathToFileURL } from 'node:url';
import { registerPlateauResolver } from './plateau-resolver.js';

let resolverRegistered = false;

/** Loads a module of the user's, TypeScript too; in it, `import 'plateau'` means the plateau that runs. */
export async function importModule(file: string): Promise<Record<string, unknown>> {
  if (!resolverRegistered) {
    registerPlateauResolver();
    resolverRegistered = true;
  }
  const url = pathToFileURL(file).href;
  if (!/\.[cm]?ts$/.test(file)) return (await import(url)) as Record<string, unknown>;
  const { tsImport } = await import('tsx/esm/api');
  return (await tsImport(url, import.meta.url)) as Record<string, unknown>;
}
