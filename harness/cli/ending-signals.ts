/**
 * Signals that end a process which does not listen: from a terminal (`SIGINT`, `SIGQUIT`, `SIGHUP`), a supervisor (`SIGTERM`,
 * `SIGUSR2` of nodemon), or a limit of time (`SIGALRM`, `SIGXCPU`).
 */
export const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2', 'SIGALRM', 'SIGXCPU'] as const;
