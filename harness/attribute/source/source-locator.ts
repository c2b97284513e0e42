import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  GREATEST_LOWER_BOUND,
  LEAST_UPPER_BOUND,
  originalPositionFor,
  sourceContentFor,
  TraceMap,
} from '@jridgewell/trace-mapping';
import type { RawFrame } from '../../model/attribution-protocol.js';
import type { CodeLocation } from '../../model/run-record.js';
import { isGenerated, sourceAt } from './source-excerpt.js';

/** Packages are published with the line ends of whoever published them. */
const lineEnd = /\r?\n/;

interface MappedScript {
  readonly map: TraceMap;
  readonly file: string;
  /** Sources of the map are relative to this directory. */
  readonly directory: string;
}

interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Turns places in code as V8 shows them into places in the sources that people wrote. */
export class SourceLocator {
  private readonly mapUrls = new Map<string, string>();
  private readonly maps = new Map<string, MappedScript | undefined>();
  private readonly lines = new Map<string, readonly string[]>();
  private readonly packages = new Map<string, string | undefined>();

  /**
   * @param sourceMapUrls by script url, as the target reported them
   * @param workingDirectory files below it are called by their relative path
   */
  constructor(
    sourceMapUrls: Readonly<Record<string, string>>,
    private readonly workingDirectory: string,
  ) {
    // V8 names one script by its path in a stack and by its url elsewhere.
    for (const [url, mapUrl] of Object.entries(sourceMapUrls)) {
      const file = filePathOf(url);
      if (file !== undefined) this.mapUrls.set(file, mapUrl);
    }
  }

  /** A short place with the function that it is in. */
  placeWords(location: CodeLocation): string {
    const within = location.function === undefined ? '' : ` in \`${location.function}\``;
    return `${this.shortPlace(location)}${within}`;
  }

  /** `src/server.ts:41`, `p-map@7.0.2/index.js:44`; with the column where the line is generated. */
  shortPlace({ file, line, column }: CodeLocation): string {
    const wanted = column !== undefined && isGenerated(this.linesOf(file)[line - 1] ?? '');
    return `${this.shortFile(file)}:${line}${wanted ? `:${column}` : ''}`;
  }

  shortFile(file: string): string {
    const packageName = this.packageOf(file);
    if (packageName !== undefined) return `${packageName}/${path.relative(packageDirectoryOf(file)!, file)}`;
    const relative = path.relative(this.workingDirectory, file);
    return relative.startsWith('..') ? path.basename(file) : relative;
  }

  /** The same for a script as V8 names it, `node:` modules too; a bundle of many sources is a file of its own. */
  shortScript(url: string): string {
    const sources = this.sourcesOf(url);
    const file = sources.length === 1 ? sources[0] : filePathOf(url);
    return file === undefined ? url : this.shortFile(file);
  }

  /** @returns undefined for builtins and code without a file */
  locate([url, line, column, functionName]: RawFrame): CodeLocation | undefined {
    const file = filePathOf(url);
    if (file === undefined || line < 1) return undefined;
    return this.describe(this.original({ file, line, column }), functionName);
  }

  /** A place in a source file, with its text and its package. */
  describe({ file, line, column }: Place, functionName = ''): CodeLocation {
    const packageName = this.packageOf(file);
    return {
      file,
      line,
      ...(column > 0 && { column }),
      ...(functionName !== '' && { function: functionName }),
      ...(packageName !== undefined && { package: packageName }),
      ...sourceAt(this.linesOf(file), { line, column }),
    };
  }

  /** The source files of a script: itself, unless a source map names others that can be read. */
  sourcesOf(url: string): string[] {
    const file = filePathOf(url);
    if (file === undefined) return [];
    const script = this.scriptOf(file);
    if (script === undefined) return [file];
    const sources = script.map.sources.flatMap((source) =>
      source === null ? [] : (this.readableSource(script, source) ?? []),
    );
    return sources.length === 0 ? [file] : sources;
  }

  /** Lines of a source file, or of the copy that a source map carries; none when neither can be read. */
  linesOf(file: string): readonly string[] {
    let lines = this.lines.get(file);
    if (lines === undefined) {
      lines = readText(file)?.split(lineEnd) ?? [];
      this.lines.set(file, lines);
    }
    return lines;
  }

  private original(generated: Place): Place {
    const script = this.scriptOf(generated.file);
    if (script === undefined) return generated;
    const { source, line, column } = originalPositionFor(script.map, {
      line: generated.line,
      column: Math.max(0, generated.column - 1),
      // Of a whole line, its first place.
      bias: generated.column > 0 ? GREATEST_LOWER_BOUND : LEAST_UPPER_BOUND,
    });
    if (source === null || line === null) return generated;
    const file = this.readableSource(script, source);
    return file === undefined ? generated : { file, line, column: column + 1 };
  }

  /**
   * Sources that are not on disk may be in the map.
   * @returns undefined for those that are in neither, and for those that a map built elsewhere looks for beside the package
   */
  private readableSource({ map, file, directory }: MappedScript, source: string): string | undefined {
    const sourceFile = filePathOf(source) ?? path.resolve(directory, source);
    if (!this.lines.has(sourceFile) && readText(sourceFile) === undefined) {
      const isBeside = packageDirectoryOf(sourceFile) !== packageDirectoryOf(file);
      const content = isBeside ? undefined : sourceContentFor(map, source);
      this.lines.set(sourceFile, content?.split(lineEnd) ?? []);
    }
    return this.linesOf(sourceFile).length === 0 ? undefined : sourceFile;
  }

  private scriptOf(file: string): MappedScript | undefined {
    if (!this.maps.has(file)) this.maps.set(file, this.readMap(file));
    return this.maps.get(file);
  }

  private readMap(file: string): MappedScript | undefined {
    const mapUrl = this.mapUrls.get(file);
    if (mapUrl === undefined) return undefined;
    try {
      const isInline = mapUrl.startsWith('data:');
      const mapFile = isInline ? file : fileURLToPath(new URL(mapUrl, pathToFileURL(file)));
      const text = isInline ? decodeDataUrl(mapUrl) : readFileSync(mapFile, 'utf8');
      return { map: new TraceMap(text), file, directory: path.dirname(mapFile) };
    } catch {
      // What a comment of the script names need not be there, nor be a map.
      return undefined;
    }
  }

  /** `name@version` of the package in node_modules that a file belongs to. */
  private packageOf(file: string): string | undefined {
    const directory = packageDirectoryOf(file);
    if (directory === undefined) return undefined;
    if (!this.packages.has(directory)) this.packages.set(directory, readPackageName(directory));
    return this.packages.get(directory);
  }
}

function packageDirectoryOf(file: string): string | undefined {
  return /^(.*[/\\]node_modules[/\\](?:@[^/\\]+[/\\])?[^/\\]+)[/\\]/.exec(file)?.[1];
}

/** Of a script by its url or path; undefined where it has no file. */
export function filePathOf(url: string): string | undefined {
  if (url.startsWith('file:')) {
    try {
      return fileURLToPath(url.replace(/[?#].*$/, ''));
    } catch {
      return undefined;
    }
  }
  return path.isAbsolute(url) ? url : undefined;
}

/** @returns undefined of what cannot be read */
export function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function decodeDataUrl(url: string): string {
  const comma = url.indexOf(',');
  const body = url.slice(comma + 1);
  return url.slice(0, comma).endsWith(';base64') ? Buffer.from(body, 'base64').toString() : decodeURIComponent(body);
}

function readPackageName(directory: string): string | undefined {
  try {
    const { name, version } = JSON.parse(readText(path.join(directory, 'package.json')) ?? '') as {
      name?: string;
      version?: string;
    };
    return name === undefined ? undefined : `${name}@${version ?? 'unknown'}`;
  } catch {
    return undefined;
  }
}
