/** Module hook: `import 'plateau'` resolves to the plateau that runs, whether or not it is installed beside the module. */
const entries: Readonly<Record<string, string>> = {
  plateau: new URL('../index.js', import.meta.url).href,
  'plateau/reporters': new URL('../../reporters/index.js', import.meta.url).href,
};

type NextResolve = (specifier: string, context: object) => unknown;

export function resolve(specifier: string, context: object, nextResolve: NextResolve): unknown {
  const url = entries[specifier];
  return url === undefined ? nextResolve(specifier, context) : { url, shortCircuit: true };
}
