/**
 * Names that a module exports, read from its text without loading it; `default` for its default export.
 * @returns undefined where the text is no module or cannot be parsed
 */
export async function exportedNames(file: string): Promise<readonly string[] | undefined> {
  const { build } = await import('esbuild');
  try {
    const { metafile } = await build({
      entryPoints: [file],
      bundle: false,
      format: 'esm',
      logLevel: 'silent',
      metafile: true,
      outdir: '.',
      write: false,
    });
    return Object.values(metafile.outputs)[0]?.exports;
  } catch {
    // What is wrong with the module is shown where it is loaded.
    return undefined;
  }
}
