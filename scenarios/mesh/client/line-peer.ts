import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

/** A peer of the node in Rust, which is asked line by line. */
export interface LinePeer {
  /** @throws {Error} when the node has closed the connection, or does not know what it was asked */
  ask(line: string): Promise<string>;
  /** Goes without a word, and waits until the connection is closed. */
  leave(): Promise<void>;
}

export async function connectLinePeer(port: number, name: string, address: string): Promise<LinePeer> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  const peer = speak(socket);
  await peer.ask(`hello ${name} ${address}`);
  return peer;
}

function speak(socket: Socket): LinePeer {
  const questions: { resolve(answer: string): void; reject(error: Error): void }[] = [];
  const closed = once(socket, 'close');
  // Events and pings answer nothing.
  createInterface({ input: socket }).on('line', (line) => {
    if (!/^(event|ping)\b/.test(line)) questions.shift()?.resolve(line);
  });
  socket.on('close', () => {
    for (const question of questions) question.reject(new Error('the node closed the connection'));
  });
  return {
    async ask(line) {
      const answer = await new Promise<string>((resolve, reject) => {
        questions.push({ resolve, reject });
        socket.write(`${line}\n`);
      });
      if (answer === 'what?') throw new Error(`the node did not understand "${line}"`);
      return answer;
    },
    async leave() {
      // The node need not close its side.
      socket.destroySoon();
      await closed;
    },
  };
}
