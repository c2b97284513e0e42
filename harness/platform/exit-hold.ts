const holding = new Set<Promise<unknown>>();

/** Does work that must not be cut: it would leave something open in a process that is not plateau's own. */
export async function holdExit<Result>(work: Promise<Result>): Promise<Result> {
  holding.add(work);
  try {
    return await work;
  } finally {
    holding.delete(work);
  }
}

/** Resolves once no work under way would be cut by an exit. */
export async function untilExitIsFree(): Promise<void> {
  await Promise.allSettled(holding);
}
