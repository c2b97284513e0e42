/**
 * How much memory of the C library's allocator is in use in this process, by an addon that plateau has compiled.
 * @returns undefined where the addon may not be loaded, or another allocator stands in front
 */
export function openMallocReader(file: string | undefined): (() => number) | undefined {
  if (file === undefined) return undefined;
  const addon: { exports: unknown } = { exports: {} };
  try {
    process.dlopen(addon, file);
  } catch {
    // An option of Node forbids addons, and a process in a container does not see the file.
    return undefined;
  }
  return typeof addon.exports === 'function' ? (addon.exports as () => number) : undefined;
}
