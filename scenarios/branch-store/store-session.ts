import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** A session with the store: a command a line, an answer a line. */
export class StoreSession {
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  static async connect(port: number): Promise<StoreSession> {
    const socket = connect(port, '127.0.0.1');
    socket.setEncoding('utf8');
    await once(socket, 'connect');
    return new StoreSession(socket);
  }

  /**
   * @returns what follows `OK`
   * @throws {Error} with what follows `ERR`
   */
  async ask(command: string): Promise<string> {
    this.#socket.write(`${command}\n`);
    let answer = '';
    while (!answer.endsWith('\n')) answer += (await once(this.#socket, 'data'))[0];
    if (!answer.startsWith('OK')) throw new Error(`${command}: ${answer.trimEnd()}`);
    return answer.slice('OK '.length).trimEnd();
  }

  /** Without a farewell, as when the client dies. */
  async cut(): Promise<void> {
    const closed = once(this.#socket, 'close');
    this.#socket.destroy();
    await closed;
  }
}
