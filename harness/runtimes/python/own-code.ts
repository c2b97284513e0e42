import { readdirSync } from 'node:fs';
import path from 'node:path';
import type { StackFrame } from '../../model/runtime.js';

/** A frame as the agent reports it; without a function where that was not asked for, or where there is none. */
export type PythonFrame = readonly [file: string, line: number, functionName: string | null];

const packagesDirectory = /^(.*\/(?:site|dist)-packages)\/([^/]+)/;

/** Distinguishes the user's code from Python's library and from packages. */
export class OwnCode {
  private readonly distributions = new Map<string, ReadonlyMap<string, string>>();

  constructor(private readonly standardDirectories: readonly string[]) {}

  frame([file, line, functionName]: PythonFrame): StackFrame {
    const packageName = this.packageOf(file);
    return {
      file,
      line: Math.max(1, line),
      ...(functionName !== null && { function: functionName }),
      ...(packageName !== undefined && { package: packageName }),
      isOwn: packageName === undefined && !file.startsWith('<') && !this.isLibrary(file),
    };
  }

  private isLibrary(file: string): boolean {
    return this.standardDirectories.some((directory) => file.startsWith(`${directory}/`));
  }

  /** `fastapi@0.110.0`; without a version where no distribution has the name of the module. */
  private packageOf(file: string): string | undefined {
    const [, directory, entry] = packagesDirectory.exec(file) ?? [];
    if (directory === undefined || entry === undefined) return undefined;
    const name = path.basename(entry, '.py');
    if (!this.distributions.has(directory)) this.distributions.set(directory, readDistributions(directory));
    const version = this.distributions.get(directory)!.get(normalised(name));
    return version === undefined ? name : `${name}@${version}`;
  }
}

/** Versions of what is installed in a directory, by normalised name: `PyYAML-6.0.dist-info` -> `pyyaml`: `6.0`. */
function readDistributions(directory: string): ReadonlyMap<string, string> {
  const versions = new Map<string, string>();
  for (const name of namesIn(directory)) {
    const match = /^(.+?)-(\d[^-]*)(?:-.*)?\.(?:dist|egg)-info$/.exec(name);
    if (match !== null) versions.set(normalised(match[1]!), match[2]!);
  }
  return versions;
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function normalised(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}
