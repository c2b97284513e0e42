/** Takes an error that nobody caught; `false` leaves it to others. */
type Taker = (error: unknown) => boolean;

let taker: Taker | undefined;

/** From now on, errors that nobody caught go to `take` first; `undefined` ends that. */
export function takeStrayErrors(take: Taker | undefined): void {
  taker = take;
}

/** Called by whoever listens to `uncaughtException` and `unhandledRejection` of this process. @returns whether it was taken */
export function isTakenStrayError(error: unknown): boolean {
  return taker?.(error) ?? false;
}
