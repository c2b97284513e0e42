import { ServiceError } from '../../service/service-error.js';

/** What the client did wrong, by HTTP status. */
export const badRequest = (message: string): ServiceError => new ServiceError(400, message);
export const notFound = (what: string): ServiceError => new ServiceError(404, `${what} does not exist`);
export const conflict = (message: string): ServiceError => new ServiceError(409, message);

export function isConflict(error: unknown): boolean {
  return error instanceof ServiceError && error.status === 409;
}
