import type { FoundServer } from './find-server.js';

/** A sound module of functions: sessions that are opened, used and closed. */
export const sampleScenario = `/**
 * A soak of plain functions: plateau loads this module in a process of its own and calls create and destroy over and over.
 * It is sound: what is opened is closed again. Take the delete out, run \`plateau run ./sessions.soak.mjs\`, and see the
 * line named. Then put your own code in its place.
 */
const sessions = new Map();

export function create(cycle) {
  const session = { id: cycle, startedAt: Date.now(), messages: [] };
  sessions.set(session.id, session);
  session.messages.push(\`hello from \${cycle}\`);
  return session;
}

export function destroy(session) {
  sessions.delete(session.id);
}

/** Numbers that must not grow; read at each floor. */
export const gauges = () => ({ sessions: sessions.size });
`;

export function serverScenario(name: string, { script, path }: FoundServer): string {
  const request =
    path === undefined
      ? `        // No route was found in the code: put one here that does real work. Until then a 404 is no failure.
        await target.http.request('GET', '/', { accept: [404] });`
      : `        await target.http.get('${path}');`;
  return `import { defineScenario, operation } from 'plateau';

/** What is created in a cycle is destroyed in the same one; memory that grows all the same is a leak. */
export default defineScenario({
  name: '${name}',
  // Started with a free port in PORT and watched from inside; ready when it listens there. The code is untouched.
  target: { script: '${script}', env: { NODE_ENV: 'production' } },
  operations: {
    request: operation({
      async create({ target }) {
${request}
      },
      // Where create makes something (a session, an upload), undo it here: target.http.delete(...).
      destroy() {},
    }),
  },
});
`;
}

export interface ConfigurationTemplate {
  /** Paths of the scenarios. */
  readonly scenarios: readonly string[];
  readonly build?: string;
}

export function configurationText({ scenarios, build }: ConfigurationTemplate): string {
  const built =
    build === undefined
      ? ''
      : `  // Run before the night; a night without a build does not begin.\n  build: '${build}',\n`;
  return `import { defineConfig } from 'plateau';

export default defineConfig({
  scenarios: [${scenarios.map((scenario) => `'${scenario}'`).join(', ')}],
${built}  nightly: { time: '30m', minimum: '2m' },
  // What is older or larger is deleted, oldest first; runs that history names are kept.
  retention: { size: '5 GiB', age: '60d' },
  // A leak that is accepted for a while:
  // knownLeaks: [{ scenario: '...', metric: 'heapUsed', owner: 'you', note: 'why', expires: '2030-01-31' }],
  // Notified when something is new, worse or fixed; the address is a secret:
  // notifications: [{ webhook: { env: 'PLATEAU_WEBHOOK' } }],
});
`;
}
