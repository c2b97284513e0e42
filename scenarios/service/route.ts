import type { IncomingHttpHeaders } from 'node:http';

/** What a handler is given; the body is parsed JSON, `undefined` when there is none. */
export interface RouteRequest {
  /** Named segments of the path: `/tools/:id` gives `id`. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: unknown;
  /** Aborted when the client goes away before its answer. */
  readonly signal: AbortSignal;
}

/** Bytes are sent as they are, `undefined` is 204, everything else is sent as JSON. */
export type RouteHandler = (request: RouteRequest) => unknown;

/** Keys are `METHOD /path/:named`. */
export type Routes = Readonly<Record<string, RouteHandler>>;

interface CompiledRoute {
  readonly method: string;
  readonly segments: readonly string[];
  readonly handler: RouteHandler;
}

export interface RouteMatch {
  readonly handler: RouteHandler;
  readonly parameters: Record<string, string>;
}

/** Finds the handler of a method and a path. */
export function createRouter(routes: Routes): (method: string, path: string) => RouteMatch | undefined {
  const compiled = Object.entries(routes).map(([key, handler]): CompiledRoute => {
    const [method = '', path = ''] = key.split(' ');
    return { method, segments: path.split('/'), handler };
  });
  return (method, path) => {
    const segments = path.split('/');
    for (const route of compiled) {
      if (route.method !== method) continue;
      const parameters = matchSegments(route.segments, segments);
      if (parameters !== undefined) return { handler: route.handler, parameters };
    }
    return undefined;
  };
}

function matchSegments(pattern: readonly string[], segments: readonly string[]): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? '';
    if (part.startsWith(':')) parameters[part.slice(1)] = decodeURIComponent(segment);
    else if (part !== segment) return undefined;
  }
  return parameters;
}
