import { ServiceError } from '../../../service/service-error.js';

/** Runs `work`; what SQLite refuses becomes an answer that says whose fault it is. */
export function translateErrors<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (typeof code === 'string' && error instanceof Error) {
      if (code.startsWith('SQLITE_CONSTRAINT')) throw new ServiceError(409, error.message);
      if (code.startsWith('SQLITE_BUSY')) throw new ServiceError(503, error.message);
    }
    throw error;
  }
}
