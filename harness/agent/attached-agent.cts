/**
 * Evaluated in a Node target that runs already, which goes on when plateau is done: connects to plateau, answers it,
 * and undoes all of that when the connection ends, also because plateau was killed.
 */
import inspector from 'node:inspector';
import net from 'node:net';
import type { Attachment } from '../model/agent-protocol.js' with { 'resolution-mode': 'import' };
import { createHandlers } from './handlers.cjs';
import { leave, onLeave } from './leaving.cjs';
import { RequestServer } from './request-server.cjs';

export function attach({ port, token, attribution, closesInspector, mallocReader }: Attachment): void {
  const socket = net.connect(port, '127.0.0.1');
  socket.unref();
  const closeInspector = () => {
    if (closesInspector && inspector.url() !== undefined) inspector.close();
  };
  // Undone last: also where an error keeps the agent from getting ready.
  onLeave(closeInspector);
  socket.on('close', leave);
  socket.on('error', () => undefined);
  new RequestServer(socket, {
    ...createHandlers({ hooks: attribution ? 'late' : undefined, mallocReader }),
    closeInspector: () => void closeInspector(),
    leave: () => void leave(),
  });
  socket.write(`${token}\n`);
}
