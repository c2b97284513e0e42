interface LostKind {
  readonly kind: string;
  count: number;
  readonly message: string;
}

/** Requests of one round that got no answer, by the reason: time-outs, errors of the connection, connections closed. */
export class LostRequests {
  private readonly kinds = new Map<string, LostKind>();

  constructor(private readonly onLost: (count: number) => void) {}

  /** @param events of a connection of autocannon's */
  watch(events: NodeJS.EventEmitter): void {
    events.on('timeout', () => this.add('TIMEOUT', 'no answer in time'));
    events.on('connError', (error: NodeJS.ErrnoException) => this.add(error.code ?? error.name, error.message));
  }

  /**
   * The reasons for some of the requests that were lost.
   * @param wasStopped the round was ended early: what has no reason was not sent
   */
  take(count: number, wasStopped: boolean): LostKind[] {
    const taken: LostKind[] = [];
    let left = count;
    for (const lost of this.kinds.values()) {
      const part = Math.min(left, lost.count);
      if (part > 0) taken.push({ ...lost, count: part });
      lost.count -= part;
      left -= part;
    }
    if (left > 0 && !wasStopped)
      taken.push({ kind: 'CLOSED', count: left, message: 'the connection was closed before the answer' });
    return taken;
  }

  private add(kind: string, message: string): void {
    const lost = this.kinds.get(kind) ?? { kind, count: 0, message };
    lost.count += 1;
    this.kinds.set(kind, lost);
    this.onLost(1);
  }
}
