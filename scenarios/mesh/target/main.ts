/** A node of a mesh: peers over WebSocket, handshakes over UDP, contents over TCP, and a control surface over HTTP. */
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { plantedDefects } from '../../service/planted-defects.js';
import { serve } from '../../service/serve.js';
import { defectNames } from './defects/names.js';
import { startNode } from './mesh-node.js';
import { nodeRoutes } from './routes.js';

const { values } = parseArgs({ options: { blocked: { type: 'string', multiple: true } }, strict: false });
const node = await startNode(plantedDefects(defectNames), {
  directory: tmpdir(),
  blocked: (values.blocked ?? []).map(String),
});
await serve({ routes: nodeRoutes(node), close: () => node.close() });
