import { existsSync } from 'node:fs';
import { dirname, extname, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TargetDefinition } from '../../model/scenario.js';
import type { LoadedScenario } from '../../scenario/load-scenario.js';

/** What is installed may alter anything. */
const manifests = /(^|[/\\])(package(-lock)?\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml)$/;
/** Changes of these are no reason to soak anything. */
const documents: ReadonlySet<string> = new Set(['.md', '.txt', '.png', '.svg']);

/**
 * Whether a change may alter what a scenario shows. What the module and a Node target import is followed; of any other target,
 * every file but documents below the scenario's directory and the target's counts.
 * @param changed absolute paths
 */
export async function isTouched(source: LoadedScenario, changed: readonly string[]): Promise<boolean> {
  return isWithin(await extentOf(source), changed);
}

/** The same of a module that cannot be loaded. */
export async function isModuleTouched(file: string, changed: readonly string[]): Promise<boolean> {
  return isWithin(await importedFrom([file], dirname(file)), changed);
}

function isWithin({ files, directories }: Extent, changed: readonly string[]): boolean {
  const telling = changed.filter((file) => !documents.has(extname(file)));
  return telling.some(
    (file) =>
      manifests.test(file) || files.has(file) || directories.some((directory) => file.startsWith(directory + sep)),
  );
}

interface Extent {
  readonly files: ReadonlySet<string>;
  readonly directories: readonly string[];
}

async function extentOf(source: LoadedScenario): Promise<Extent> {
  const file = source.file;
  if (source.kind === 'functions') return importedFrom([source.file], source.directory);
  const own = file === undefined ? [] : [file];
  const { target } = source.scenario;
  const definition = typeof target === 'function' ? target({ defects: [] }) : target;
  const script = scriptOf(definition, source.directory);
  if (script === undefined) return { files: new Set(own), directories: [source.directory] };
  return importedFrom([...own, script], source.directory);
}

function scriptOf(target: TargetDefinition, directory: string): string | undefined {
  if (!('script' in target)) return undefined;
  const { script } = target;
  const path = script instanceof URL || script.startsWith('file:') ? fileURLToPath(script) : resolve(directory, script);
  return existsSync(path) ? path : undefined;
}

/** Files of a project that some of its modules import, themselves included. */
async function importedFrom(entryPoints: readonly string[], directory: string): Promise<Extent> {
  const { build } = await import('esbuild');
  try {
    const { metafile } = await build({
      absWorkingDir: directory,
      entryPoints: [...entryPoints],
      bundle: true,
      format: 'esm',
      logLevel: 'silent',
      metafile: true,
      outdir: '.',
      packages: 'external',
      platform: 'node',
      write: false,
    });
    return { files: new Set(Object.keys(metafile.inputs).map((path) => resolve(directory, path))), directories: [] };
  } catch {
    // What cannot be followed may import anything beside it.
    return { files: new Set(entryPoints), directories: [...new Set(entryPoints.map((file) => dirname(file)))] };
  }
}
