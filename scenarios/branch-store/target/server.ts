import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { plantedDefects } from '../../service/planted-defects.js';
import { serve } from '../../service/serve.js';
import { Databases, defaultDatabase } from './database/databases.js';
import { defectNames, plant } from './defects.js';
import { branchStoreRoutes } from './routes/routes.js';
import { SessionServer } from './sessions/session-server.js';

/**
 * `node server.js [--data DIR] [--defect NAME]...`: recovers the databases, then serves them over HTTP at the port in
 * `PORT` (absent: a free one) and over sessions at a free port, which `GET /stats` shows.
 */
const { values } = parseArgs({ options: { data: { type: 'string' } }, strict: false });
plant(plantedDefects(defectNames));

const databases = await Databases.open(values.data?.toString() ?? join(tmpdir(), 'branch-store'));
const sessions = new SessionServer(databases.get(defaultDatabase));

await serve({
  routes: branchStoreRoutes(databases, () => ({
    isQuiet: databases.isQuiet,
    sessionPort: sessions.port,
    gauges: { databases: databases.count, sessions: sessions.count, ...databases.gauges() },
  })),
  close: async () => {
    await sessions.close();
    await databases.closeAll();
  },
});
await sessions.listen();
