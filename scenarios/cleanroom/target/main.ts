/** A cleanroom for tests: containers, guards, sessions and all that must be gone when a test has ended. */
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { plantedDefects } from '../../service/planted-defects.js';
import { serve } from '../../service/serve.js';
import { startCleanroom } from './cleanroom.js';
import { defectNames } from './defects/names.js';
import { cleanroomRoutes } from './routes.js';

const { values } = parseArgs({ options: { runtime: { type: 'string' } }, strict: false });
const room = await startCleanroom(plantedDefects(defectNames), {
  directory: tmpdir(),
  runtime: String(values.runtime ?? 'process'),
});
if (room.reason !== undefined) process.stdout.write(`containers are processes: ${room.reason}\n`);
await serve({ routes: cleanroomRoutes(room), close: () => room.close() });
