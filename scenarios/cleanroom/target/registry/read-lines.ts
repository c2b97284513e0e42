import type { Socket } from 'node:net';

/** Calls back for each line that comes in; what follows the last line feed waits for the rest of its line. */
export function readLines(socket: Socket, onLine: (line: string) => void): void {
  let unfinished = '';
  socket.setEncoding('utf8');
  socket.on('data', (text: string) => {
    const lines = (unfinished + text).split('\n');
    unfinished = lines.pop()!;
    for (const line of lines) onLine(line);
  });
}
