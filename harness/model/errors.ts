/** Codes a script may rely on. `USAGE` codes end with exit code 3, the others with 4. */
export type ErrorCode =
  | 'PLATEAU_INVALID_OPTION'
  | 'PLATEAU_INVALID_SCENARIO'
  | 'PLATEAU_UNKNOWN_SCENARIO'
  | 'PLATEAU_INVALID_CONFIGURATION'
  | 'PLATEAU_UNKNOWN_RUN'
  | 'PLATEAU_INVALID_RUN'
  | 'PLATEAU_INVALID_SERIES'
  | 'PLATEAU_INVALID_BASELINE'
  | 'PLATEAU_NOT_COMPARABLE'
  | 'PLATEAU_MISSING_PACKAGE'
  | 'PLATEAU_INVALID_REVISION'
  | 'PLATEAU_BUILD'
  | 'PLATEAU_GIT'
  | 'PLATEAU_TARGET_START'
  | 'PLATEAU_TARGET_CRASHED'
  | 'PLATEAU_TARGET_UNRESPONSIVE'
  | 'PLATEAU_LOAD_FAILED'
  | 'PLATEAU_NO_INSIDE_VIEW'
  | 'PLATEAU_QUEUE'
  | 'PLATEAU_CANARIES'
  | 'PLATEAU_STORE'
  | 'PLATEAU_INTERNAL';

const faultCodes: ReadonlySet<ErrorCode> = new Set([
  'PLATEAU_TARGET_START',
  'PLATEAU_TARGET_CRASHED',
  'PLATEAU_TARGET_UNRESPONSIVE',
  'PLATEAU_LOAD_FAILED',
  'PLATEAU_QUEUE',
  'PLATEAU_CANARIES',
  'PLATEAU_STORE',
  'PLATEAU_BUILD',
  'PLATEAU_GIT',
  'PLATEAU_INTERNAL',
]);

/**
 * Every error that plateau raises on purpose.
 * `message` states subject, expected and got; `hint` is the one thing to do next.
 */
export class PlateauError extends Error {
  override readonly name = 'PlateauError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  /** What the target printed last, where the target is what failed. */
  readonly lastLines: readonly string[];

  constructor(
    code: ErrorCode,
    message: string,
    options: { hint?: string; cause?: unknown; lastLines?: readonly string[] } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.lastLines = options.lastLines ?? [];
  }

  /** 3 when the user can correct the call, 4 when the target or plateau itself failed. */
  get exitCode(): 3 | 4 {
    return faultCodes.has(this.code) ? 4 : 3;
  }
}

/** A mistake on the command line. @param hint the one thing to do next */
export function invalidOption(message: string, hint: string, cause?: unknown): PlateauError {
  return new PlateauError('PLATEAU_INVALID_OPTION', message, { hint, cause });
}

/** Why a process is seen from outside only. @param hint what would let plateau look into it */
export function noInsideView(message: string, hint: string, cause?: unknown): PlateauError {
  return new PlateauError('PLATEAU_NO_INSIDE_VIEW', message, { hint, cause });
}

/** The same error in other words: which of several things it is about. What plateau did not raise stays as it is. */
export function withMessage(error: unknown, messageOf: (message: string) => string): unknown {
  if (!(error instanceof PlateauError)) return error;
  const { code, message, hint, lastLines } = error;
  return new PlateauError(code, messageOf(message), { ...(hint !== undefined && { hint }), lastLines, cause: error });
}

/** In one sentence, for a warning. */
export function withHint({ message, hint }: PlateauError): string {
  return hint === undefined ? message : `${message}; ${hint}`;
}
