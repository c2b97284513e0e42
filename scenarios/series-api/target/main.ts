/**
 * A time-series API: SQL over DuckDB, its settings in SQLite, its points in files.
 * `--data DIR`, `--connections N` (2), `--dependency URL` to watch (`self`: its own /health),
 * `--defect NAME` (repeatable).
 */
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { plantedDefects } from '../../service/planted-defects.js';
import { serve } from '../../service/serve.js';
import { defectNames } from './defects/names.js';
import { createService } from './service.js';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string', default: join(tmpdir(), 'series-api') },
    connections: { type: 'string', default: '2' },
    dependency: { type: 'string' },
    defect: { type: 'string', multiple: true },
  },
});

const service = await createService({
  directory: options.data,
  connections: Number(options.connections),
  defects: plantedDefects(defectNames),
});
const server = await serve({ routes: service.routes, close: service.close });
if (options.dependency === 'self') {
  service.watch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/health`);
} else if (options.dependency !== undefined) {
  service.watch(options.dependency);
}
