/** Values of a pattern's `:names` in a path, decoded. */
export type PathParameters = Readonly<Record<string, string>>;

interface Route<Handler> {
  readonly method: string;
  readonly parts: readonly string[];
  readonly handler: Handler;
}

/** Finds the handler of a request by method and path; patterns look like `/branches/:branch/commits`. */
export class Router<Handler> {
  readonly #routes: readonly Route<Handler>[];

  /** @param handlers by `<METHOD> <pattern>` */
  constructor(handlers: Readonly<Record<string, Handler>>) {
    this.#routes = Object.entries(handlers).map(([route, handler]) => {
      const [method = '', pattern = ''] = route.split(' ');
      return { method, parts: pattern.slice(1).split('/'), handler };
    });
  }

  /** @param parts of the path, without the leading slash */
  find(method: string, parts: readonly string[]): { handler: Handler; parameters: PathParameters } | undefined {
    const route = this.#routes.find((candidate) => candidate.method === method && matches(candidate.parts, parts));
    return route && { handler: route.handler, parameters: parametersOf(route.parts, parts) };
  }
}

function matches(pattern: readonly string[], parts: readonly string[]): boolean {
  return pattern.length === parts.length && pattern.every((part, index) => part[0] === ':' || part === parts[index]);
}

function parametersOf(pattern: readonly string[], parts: readonly string[]): PathParameters {
  const parameters: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    if (part[0] === ':') parameters[part.slice(1)] = decodeURIComponent(parts[index]!);
  }
  return parameters;
}
