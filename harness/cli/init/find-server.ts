import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

/** A script of a project that listens. */
export interface FoundServer {
  /** As a scenario writes it: `./src/server.ts`. */
  readonly script: string;
  /** Why it was taken, for the user. */
  readonly because: string;
  /** A path that answers GET, where one is declared in the code. */
  readonly path?: string;
  /** The npm script that makes it, where it has to be built first. */
  readonly build?: string;
}

interface PackageFile {
  readonly main?: unknown;
  readonly scripts?: Readonly<Record<string, unknown>>;
}

interface Candidate {
  readonly file: string;
  readonly because: string;
}

const scriptPattern = /(?:^|[\s'"=])((?:\.{0,2}\/)?[\w@./-]+\.[cm]?[jt]s)(?=$|[\s'";])/g;
const usualNames = ['server', 'index', 'app', 'main'];
const usualPlaces = usualNames.flatMap((name) =>
  ['', 'src/'].flatMap((place) => ['ts', 'mts', 'js', 'mjs', 'cjs'].map((extension) => `${place}${name}.${extension}`)),
);
const listens = /\blisten\s*\(|\bserve\s*\(/;
const importPattern = /(?:from\s*|import\s*\(?\s*|require\s*\(\s*)['"](\.{1,2}\/[^'"]+)['"]/g;
const importDepth = 3;
const getRoute = /\.get\s*\(\s*(['"`])(\/[^'"`:*{}]*)\1\s*,/g;

/** The first script that listens: what npm scripts start, `main`, then the usual names. */
export function findServer(directory: string): FoundServer | undefined {
  const described = readPackage(directory);
  const scripts = described?.scripts ?? {};
  for (const { file, because } of candidates(described)) {
    const path = resolve(directory, file);
    const source = sourceOf(directory, path);
    if (source === undefined) continue;
    const built = source !== path;
    if (built && typeof scripts.build !== 'string') continue;
    const code = codeBehind(source);
    if (!code.some((text) => listens.test(text))) continue;
    const route = routeIn(code);
    return {
      script: `./${relative(directory, path)}`,
      because,
      ...(route !== undefined && { path: route }),
      ...(built && { build: 'npm run build' }),
    };
  }
  return undefined;
}

export function readPackage(directory: string): (PackageFile & { readonly name?: unknown }) | undefined {
  try {
    return JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as PackageFile;
  } catch {
    return undefined;
  }
}

function candidates(described: PackageFile | undefined): Candidate[] {
  const named = ['start', 'serve', 'dev'].flatMap((name) => {
    const command = described?.scripts?.[name];
    if (typeof command !== 'string') return [];
    return [...command.matchAll(scriptPattern)].map(([, file = '']) => ({
      file,
      because: `npm script "${name}" starts it`,
    }));
  });
  const main =
    typeof described?.main === 'string' ? [{ file: described.main, because: 'package.json names it as main' }] : [];
  return [...named, ...main, ...usualPlaces.map((file) => ({ file, because: 'it listens' }))];
}

/** A file itself; of one that is built and not there yet, the source it is made of. */
function sourceOf(directory: string, path: string): string | undefined {
  if (isFile(path)) return path;
  const within = relative(directory, path);
  const [, name] = /^(?:dist|build|out|lib)\/(.*)\.[cm]?js$/.exec(within) ?? [];
  if (name === undefined) return undefined;
  const places = [name, name.replace(/^src\//, '')].flatMap((place) => [`src/${place}`, place]);
  return places
    .flatMap((place) => ['ts', 'mts', 'js', 'mjs'].map((extension) => join(directory, `${place}.${extension}`)))
    .find(isFile);
}

/** The text of a module and of those of the project that it imports. */
function codeBehind(file: string): string[] {
  const seen = new Set<string>();
  const texts: string[] = [];
  const read = (path: string, depth: number) => {
    if (seen.has(path) || depth > importDepth) return;
    seen.add(path);
    const text = readFileSync(path, 'utf8');
    texts.push(text);
    for (const [, specifier = ''] of text.matchAll(importPattern)) {
      const imported = resolveImport(dirname(path), specifier);
      if (imported !== undefined) read(imported, depth + 1);
    }
  };
  read(file, 0);
  return texts;
}

function resolveImport(directory: string, specifier: string): string | undefined {
  const path = resolve(directory, specifier);
  const bare = path.replace(/\.[cm]?js$/, '');
  const extensions = ['ts', 'mts', 'js', 'mjs', 'cjs'];
  return [
    path,
    ...extensions.map((extension) => `${bare}.${extension}`),
    ...extensions.map((extension) => join(path, `index.${extension}`)),
  ].find(isFile);
}

/** A health check before anything else: it answers without a body and without rights. */
function routeIn(code: readonly string[]): string | undefined {
  const routes = code.flatMap((text) => [...text.matchAll(getRoute)].map(([, , route = '']) => route));
  return routes.find((route) => /health|ready|live|status|ping/.test(route)) ?? routes[0];
}

function isFile(path: string): boolean {
  return existsSync(path) && statSync(path).isFile();
}
