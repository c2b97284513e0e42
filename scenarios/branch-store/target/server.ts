import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { plant } from './defects.js';
import { Service } from './service.js';

/**
 * `node server.js [--data DIR] [--defect NAME]...`; listens on 127.0.0.1 at the port in `PORT` (absent or 0: a free
 * one) and says so on its first line. SIGTERM and SIGINT end it in good order.
 */
const { values } = parseArgs({
  options: { data: { type: 'string' }, defect: { type: 'string', multiple: true, default: [] } },
});
plant(values.defect);

const service = await Service.start({
  dataDirectory: values.data ?? join(tmpdir(), 'branch-store'),
  port: Number(process.env.PORT ?? 0),
});
console.log(`branch store listens on http://127.0.0.1:${service.port}`);

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void service.stop());
