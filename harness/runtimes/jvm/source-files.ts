import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { CodeLocation } from '../../model/run-record.js';
import type { StackFrame } from '../../model/runtime.js';
import { visitFilesBelow } from '../../platform/files-below.js';
import type { JavaFrame } from './flight-recorder/allocation-samples.js';
import { isPlatformClass, outermostClass, readableClass } from './java-names.js';

/** Languages of the JVM whose compilers write lines of source. */
const sourceFile = /\.(java|kt|kts|scala|groovy)$/;
const skippedDirectories = new Set(['node_modules', 'target', 'build', 'out', 'bin', 'dist']);

/**
 * Source files below the working directory of a service, by class: the JVM records classes and lines, no paths.
 * What has its source there is the user's own code.
 */
export class SourceFiles {
  /** Paths by name without extension. */
  private readonly byName = new Map<string, string[]>();
  private readonly byPackage = new Map<string, string[]>();
  private readonly found = new Map<string, string | undefined>();

  constructor(directory: string | undefined) {
    if (directory !== undefined) this.collect(directory);
  }

  /** Where a class is written; undefined where its source is not there. */
  fileOf(className: string): string | undefined {
    const outermost = outermostClass(className);
    if (isPlatformClass(outermost)) return undefined;
    if (!this.found.has(outermost)) this.found.set(outermost, this.find(outermost));
    return this.found.get(outermost);
  }

  /** Neither the user's own nor the platform's; where no source is there, nobody can say. */
  isOfLibrary(className: string): boolean {
    return this.byName.size > 0 && !isPlatformClass(className) && this.fileOf(className) === undefined;
  }

  /** A frame is the user's own when its source is there; where no source is there at all, when it is not the platform's. */
  toStackFrame({ className, method, line }: JavaFrame): StackFrame {
    const file = this.fileOf(className);
    const isOwn = this.byName.size > 0 ? file !== undefined : !isPlatformClass(className);
    return {
      file: file ?? assumedFile(className),
      line,
      function: `${readableClass(className)}.${method}`,
      isOwn,
    };
  }

  /** Where a static field is declared. */
  declarationOf(className: string, field: string): CodeLocation | undefined {
    const file = this.fileOf(className);
    if (file === undefined) return undefined;
    const lines = linesOf(file);
    const declaration = new RegExp(`\\b${escaped(field)}\\b\\s*[=;:]`);
    const index = lines.findIndex((line) => declaration.test(line));
    return index < 0 ? undefined : { file, line: index + 1 };
  }

  private collect(root: string): void {
    const take = (relative: string) => {
      if (!sourceFile.test(relative)) return;
      const path = join(root, relative);
      add(this.byName, basename(path).replace(sourceFile, ''), path);
      add(this.byPackage, dirname(path), path);
    };
    visitFilesBelow(root, take, (name) => name.startsWith('.') || skippedDirectories.has(name));
  }

  private find(className: string): string | undefined {
    const dot = className.lastIndexOf('.');
    const packageName = className.slice(0, Math.max(0, dot));
    const name = className.slice(dot + 1);
    // A file of Kotlin's functions is a class with a name of its own.
    const candidates = [...(this.byName.get(name) ?? []), ...(this.byName.get(name.replace(/Kt$/, '')) ?? [])];
    const named = candidates.find((path) => isOfPackage(path, packageName));
    return named ?? this.findBesideOthers(packageName, name);
  }

  /** A class that is not public may stand in any file of its package. */
  private findBesideOthers(packageName: string, name: string): string | undefined {
    const declaration = new RegExp(`\\b(class|interface|enum|record|object|trait)\\s+${escaped(name)}\\b`);
    for (const paths of this.byPackage.values()) {
      if (paths[0] === undefined || !isOfPackage(paths[0], packageName)) continue;
      const path = paths.find((candidate) => linesOf(candidate).some((line) => declaration.test(line)));
      if (path !== undefined) return path;
    }
    return undefined;
  }
}

function add(map: Map<string, string[]>, key: string, value: string): void {
  const present = map.get(key);
  if (present === undefined) map.set(key, [value]);
  else present.push(value);
}

/** Java asks for directories as packages are named; Kotlin and Scala only for the declaration. */
function isOfPackage(path: string, packageName: string): boolean {
  const declared = linesOf(path)
    .map((line) => /^\s*package\s+([\w.`]+)/.exec(line)?.[1])
    .find((name) => name !== undefined);
  return (declared ?? '') === packageName;
}

function linesOf(path: string): string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n') : [];
}

/** `com.acme.Cart$Item` -> `com/acme/Cart.java`: as Java has it. */
function assumedFile(className: string): string {
  return `${outermostClass(className).replaceAll('.', '/')}.java`;
}

/** Of what a name may hold, only `$` means something in a pattern. */
function escaped(name: string): string {
  return name.replaceAll('$', '\\$');
}
