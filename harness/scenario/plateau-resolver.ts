import Module, { register } from 'node:module';
import { fileURLToPath } from 'node:url';

const entries: Readonly<Record<string, string>> = {
  plateau: new URL('../index.js', import.meta.url).href,
  'plateau/reporters': new URL('../../reporters/index.js', import.meta.url).href,
};

const moduleApi = fileURLToPath(new URL('./module-api.js', import.meta.url));

type NextResolve = (specifier: string, context: object) => unknown;

/** Module hook: `import 'plateau'` means the plateau that runs, whether or not it is installed beside the module. */
export function resolve(specifier: string, context: object, nextResolve: NextResolve): unknown {
  const url = entries[specifier];
  return url === undefined ? nextResolve(specifier, context) : { url, shortCircuit: true };
}

type ResolveFilename = (request: string, ...rest: unknown[]) => string;

/** Installs the hook for `import`, and its like for `require`, which TypeScript without a package.json becomes. */
export function registerPlateauResolver(): void {
  register(import.meta.url);
  const loader = Module as unknown as { _resolveFilename: ResolveFilename };
  const resolveFilename = loader._resolveFilename;
  loader._resolveFilename = function resolvePlateau(this: unknown, request, ...rest) {
    return request === 'plateau' ? moduleApi : resolveFilename.call(this, request, ...rest);
  };
}
