import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { originalPositionFor, sourceContentFor, TraceMap } from '@jridgewell/trace-mapping';
import type { RawFrame } from '../model/attribution-protocol.js';
import type { CodeLocation } from '../model/run-record.js';

const longestSourceLine = 200;

interface MappedScript {
  readonly map: TraceMap;
  /** Sources of the map are relative to this directory. */
  readonly directory: string;
}

interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Turns places in code as V8 tells them into places in the sources that people wrote. */
export class SourceLocator {
  private readonly maps = new Map<string, MappedScript | undefined>();
  private readonly lines = new Map<string, readonly string[]>();
  private readonly packages = new Map<string, string | undefined>();

  /** @param sourceMapUrls by script url, as the target told them */
  constructor(private readonly sourceMapUrls: Readonly<Record<string, string>> = {}) {}

  /** @returns undefined for builtins and code without a file */
  locate([url, line, column, functionName]: RawFrame): CodeLocation | undefined {
    const file = pathOf(url);
    if (file === undefined || line < 1) return undefined;
    const place = this.original(url, { file, line, column });
    const source = this.linesOf(place.file)[place.line - 1]?.trim().slice(0, longestSourceLine);
    const packageName = this.packageOf(place.file);
    return {
      file: place.file,
      line: place.line,
      ...(place.column > 0 && { column: place.column }),
      ...(functionName !== '' && { function: functionName }),
      ...(packageName !== undefined && { package: packageName }),
      ...(source !== undefined && source !== '' && { source }),
    };
  }

  /** Lines of a source file, or of the copy that a source map carries; none when neither can be read. */
  linesOf(file: string): readonly string[] {
    let lines = this.lines.get(file);
    if (lines === undefined) {
      lines = readText(file)?.split('\n') ?? [];
      this.lines.set(file, lines);
    }
    return lines;
  }

  private original(url: string, generated: Place): Place {
    const script = this.scriptOf(url, generated.file);
    if (script === undefined) return generated;
    const { source, line, column } = originalPositionFor(script.map, {
      line: generated.line,
      column: Math.max(0, generated.column - 1),
    });
    if (source === null || line === null) return generated;
    const file = pathOf(source) ?? path.resolve(script.directory, source);
    if (!this.lines.has(file) && readText(file) === undefined) {
      this.lines.set(file, sourceContentFor(script.map, source)?.split('\n') ?? []);
    }
    return { file, line, column: column + 1 };
  }

  private scriptOf(url: string, file: string): MappedScript | undefined {
    if (!this.maps.has(url)) this.maps.set(url, this.readMap(url, file));
    return this.maps.get(url);
  }

  private readMap(url: string, file: string): MappedScript | undefined {
    const mapUrl = this.sourceMapUrls[url];
    if (mapUrl === undefined) return undefined;
    const mapFile = mapUrl.startsWith('data:') ? file : path.resolve(path.dirname(file), decodeURI(mapUrl));
    const text = mapUrl.startsWith('data:') ? decodeDataUrl(mapUrl) : readText(mapFile);
    if (text === undefined) return undefined;
    try {
      return { map: new TraceMap(text), directory: path.dirname(mapFile) };
    } catch {
      return undefined;
    }
  }

  /** `name@version` of the package in node_modules that a file belongs to. */
  private packageOf(file: string): string | undefined {
    const directory = /^(.*[/\\]node_modules[/\\](?:@[^/\\]+[/\\])?[^/\\]+)[/\\]/.exec(file)?.[1];
    if (directory === undefined) return undefined;
    if (!this.packages.has(directory)) this.packages.set(directory, readPackageName(directory));
    return this.packages.get(directory);
  }
}

function pathOf(url: string): string | undefined {
  if (url.startsWith('file:')) {
    try {
      return fileURLToPath(url.replace(/[?#].*$/, ''));
    } catch {
      return undefined;
    }
  }
  return path.isAbsolute(url) ? url : undefined;
}

function readText(file: string): string | undefined {
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
