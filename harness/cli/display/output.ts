import type { WriteStream } from 'node:tty';

/** A stream as the commands see it. */
export interface Screen {
  readonly write: (text: string) => void;
  /** Somebody watches: text may be drawn over. */
  readonly interactive: boolean;
  readonly width: number;
  readonly color: boolean;
}

/** Some reports are no text. */
export interface ReportScreen extends Screen {
  readonly write: (content: string | Uint8Array) => void;
}

export interface Output {
  /** Reports and data; nothing else. */
  readonly report: ReportScreen;
  /** Progress, warnings and errors. */
  readonly notes: Screen;
}

export interface OutputSettings {
  /** `false`: `--no-color` was given. */
  readonly color?: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

const defaultWidth = 80;

/** `--no-color`, then NO_COLOR (no-color.org), then FORCE_COLOR; else colours where somebody watches. */
export function colorWanted(environment: Environment, interactive: boolean, settings: OutputSettings = {}): boolean {
  if (settings.color === false || (environment.NO_COLOR ?? '') !== '') return false;
  const forced = environment.FORCE_COLOR;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return interactive && environment.TERM !== 'dumb';
}

/** Columns of a terminal that has a size; else what COLUMNS says. */
function widthOf(stream: Partial<WriteStream>, environment: Environment): number {
  const columns = Number(environment.COLUMNS);
  return stream.columns || (Number.isInteger(columns) && columns > 0 ? columns : defaultWidth);
}

export function createOutput(
  streams: { readonly stdout: WriteStream; readonly stderr: WriteStream },
  environment: Environment,
  settings: OutputSettings = {},
): Output {
  const screen = (stream: WriteStream): ReportScreen => {
    // A terminal that nobody sized, as programs open it, has no lines to draw on.
    const interactive = stream.isTTY === true && stream.rows > 0 && environment.TERM !== 'dumb';
    return {
      write: (content) => void stream.write(content),
      interactive,
      get width() {
        return widthOf(stream, environment);
      },
      color: colorWanted(environment, stream.isTTY === true, settings),
    };
  };
  return { report: screen(streams.stdout), notes: screen(streams.stderr) };
}
