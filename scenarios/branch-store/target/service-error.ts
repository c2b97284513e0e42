/** A failure that the client is told of with this HTTP status. */
export class ServiceError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'ServiceError';
    this.status = status;
  }
}

export const badRequest = (message: string): ServiceError => new ServiceError(400, message);
export const notFound = (what: string): ServiceError => new ServiceError(404, `${what} does not exist`);
export const conflict = (message: string): ServiceError => new ServiceError(409, message);
