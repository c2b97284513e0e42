import { SourceLocator } from '../../attribute/source/source-locator.js';
import type { AgentConnection } from '../../model/target.js';
import type { Recorder } from './recorder.js';

const timeoutMs = 120_000;

/** Records which timers of a target are armed, where they are set, and the collections that their code names. */
export class TimerReader {
  constructor(
    private readonly agent: AgentConnection,
    private readonly recorder: Recorder,
    /** Where the target runs. */
    private readonly workingDirectory: string,
  ) {}

  async read(): Promise<void> {
    const { recorder, workingDirectory } = this;
    const { timers, sourceMaps } = await this.agent.request('timers.pending', {}, { timeoutMs });
    const locator = new SourceLocator(sourceMaps, workingDirectory);
    const located = timers.flatMap(({ frame, ...timer }) => {
      const location = locator.locate(frame);
      return location === undefined ? [] : [{ ...timer, place: locator.shortPlace(location), location }];
    });
    const { cycles, elapsedMs } = recorder;
    recorder.event({ event: 'timers', cycles, elapsedMs, timers: located });
  }
}
