/** An answer that the scenario did not expect; `code` is its kind in the failure counts. */
export class HttpStatusError extends Error {
  override readonly name = 'HttpStatusError';
  readonly code: string;

  /** @param request as it is called, e.g. `GET /search` */
  constructor(
    request: string,
    readonly status: number,
    body: string,
  ) {
    super(
      `${request} answered ${status}${body === '' ? '' : `: ${body.trim().replaceAll(/\s+/g, ' ').slice(0, 200)}`}`,
    );
    this.code = `HTTP ${status}`;
  }
}
