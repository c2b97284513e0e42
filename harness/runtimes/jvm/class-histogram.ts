export interface ClassCount {
  readonly instances: number;
  readonly bytes: number;
}

/** Live objects of a JVM by class. */
export interface ClassHistogram {
  /** By name as the JVM writes it: `[B`, `java.lang.String`, `Shop$Cart`. */
  readonly classes: ReadonlyMap<string, ClassCount>;
  readonly objects: number;
  readonly bytes: number;
}

/** ` 1:  7563  348200  [B (java.base@17.0.15)` */
const row = /^ *\d+: +(\d+) +(\d+) +(\S+)/;

/**
 * Reads what `GC.class_histogram` prints.
 * @returns undefined when the text is something else
 */
export function parseClassHistogram(text: string): ClassHistogram | undefined {
  const [, objects, bytes] = /^Total +(\d+) +(\d+)/m.exec(text) ?? [];
  if (objects === undefined) return undefined;
  const classes = new Map<string, ClassCount>();
  for (const line of text.split('\n')) {
    const [, instances, size, name] = row.exec(line) ?? [];
    if (name === undefined) continue;
    // The same class of several loaders has a row each.
    const before = classes.get(name) ?? { instances: 0, bytes: 0 };
    classes.set(name, { instances: before.instances + Number(instances), bytes: before.bytes + Number(size) });
  }
  return { classes, objects: Number(objects), bytes: Number(bytes) };
}
