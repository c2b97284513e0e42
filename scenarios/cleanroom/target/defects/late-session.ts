import { Session, type StartOptions } from '../sessions/session.js';

/** Takes note of a container when everything has gone well: what is thrown before that leaves it to nobody. */
export class LateSession extends Session {
  override async start(options: StartOptions = {}): Promise<void> {
    const container = await this.launch(options);
    options.check?.();
    this.keep(container);
  }
}
