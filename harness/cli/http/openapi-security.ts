type Node = Readonly<Record<string, unknown>>;

/** What the first security scheme of a document wants in each request, with a secret from the environment. */
export function defaultHeaders(document: Node): { headers: Record<string, string>; notes: string[] } {
  const components = (document.components ?? {}) as Node;
  const schemes = (components.securitySchemes ?? document.securityDefinitions ?? {}) as Record<string, Node>;
  const required = ((document.security ?? []) as Node[]).flatMap((choice) => Object.keys(choice));
  const name = required.find((known) => schemes[known] !== undefined) ?? Object.keys(schemes)[0];
  const scheme = name === undefined ? undefined : schemes[name];
  if (scheme === undefined) return { headers: {}, notes: [] };
  const headers = headersFor(scheme);
  const notes = Object.keys(headers).length === 0 ? [] : [`API_TOKEN must hold what the security scheme ${name} wants`];
  return { headers, notes };
}

function headersFor({ type, scheme, in: place, name }: Node): Record<string, string> {
  if (type === 'apiKey' && place === 'header') return { [String(name).toLowerCase()]: '{env:API_TOKEN}' };
  if (type === 'apiKey' && place === 'cookie') return { cookie: `${String(name)}={env:API_TOKEN}` };
  if (type === 'basic' || (type === 'http' && String(scheme).toLowerCase() === 'basic'))
    return { authorization: 'Basic {env:API_TOKEN}' };
  if (type === 'http' || type === 'oauth2' || type === 'openIdConnect')
    return { authorization: 'Bearer {env:API_TOKEN}' };
  return {};
}
