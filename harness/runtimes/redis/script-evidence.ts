import type { LiveSite } from '../../model/runtime.js';
import { countOfEach } from '../../platform/count-of-each.js';
import { namePattern } from '../name-pattern.js';
import { plainSite } from '../plain-site.js';
import type { RespClient } from './resp-client.js';
import { type Reply, textOf } from './resp-parser.js';
import { numberOf, type ServerInfo } from './server-info.js';

/** Listed at a floor of the pass for the cause: each takes some 100 B of the answer. */
const librariesMax = 20_000;

export function scriptsIn(info: ServerInfo): number {
  return numberOf(info, 'number_of_cached_scripts') + numberOf(info, 'number_of_functions');
}

/** Scripts by their number alone, since Redis lists them to nobody; libraries of functions by the patterns of their names. */
export async function scriptSites(client: RespClient, info: ServerInfo): Promise<LiveSite[]> {
  const functions = numberOf(info, 'number_of_functions');
  const functionBytes = numberOf(info, 'used_memory_functions');
  const cached = scriptsIn(info) - functions;
  const live = { scripts: cached, heapUsed: numberOf(info, 'used_memory_scripts') - functionBytes };
  const scripts = plainSite('retainer', 'scripts that EVAL or SCRIPT LOAD has cached', live, cached);
  if (functions === 0) return [scripts];
  const listed =
    numberOf(info, 'number_of_libraries') > librariesMax ? [] : await client.pipeline([['FUNCTION', 'LIST']]);
  const names = Array.isArray(listed[0]) ? listed[0].flatMap(libraryName) : [];
  const counts = countOfEach(names.map(namePattern));
  if (counts.size === 0) counts.set('*', functions);
  const total = Math.max(1, names.length);
  const libraries = Array.from(counts, ([pattern, count]) => {
    const share = count / total;
    const held = { scripts: functions * share, heapUsed: Math.round(functionBytes * share) };
    return plainSite('retainer', `libraries of functions like \`${pattern}\``, held, count);
  });
  return [scripts, ...libraries];
}

/** A library is listed as pairs of a field and its value. */
function libraryName(library: Reply): string[] {
  if (!Array.isArray(library)) return [];
  const fields: readonly Reply[] = library;
  const at = fields.indexOf('library_name');
  return at < 0 ? [] : [textOf(fields[at + 1])];
}
