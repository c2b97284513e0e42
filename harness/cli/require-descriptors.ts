import { readFileSync } from 'node:fs';

/**
 * Imported before the command line: Node opens the modules of a program at once, and says of one that it may not open that
 * there is no such package. A run with its target needs about 200.
 */
const required = 256;

/** Soft limit of open files; Node has raised it as far as it may by now. `undefined` where the system does not show it. */
function descriptorLimit(): number | undefined {
  try {
    const soft = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return soft === undefined ? undefined : Number(soft);
  } catch {
    return undefined;
  }
}

const limit = descriptorLimit();
if (limit !== undefined && limit < required) {
  process.stderr.write(
    `plateau needs ${required} open files, this process may have ${limit} (EMFILE).\nTry: ulimit -n 4096\nPLATEAU_FEW_DESCRIPTORS\n`,
  );
  process.exit(4);
}
