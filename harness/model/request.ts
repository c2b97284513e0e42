import type { Fault } from './fault.js';

/**
 * A request as data. Texts may hold values in braces:
 * - `{input}`: one of the closed universe, drawn by seed; `{cycle}`: 0, 1, 2, ... of the operation, never repeated
 * - `{env:NAME}`: an environment variable of plateau; never written into a record
 * - `{csv:COLUMN}`: of the row of the scenario's `csv` that belongs to the input
 * - `{setup:FIELD}`: of the object that the scenario's `setup` returned
 * - `{json:FIELD}`, `{header:NAME}`, in `destroy` only: of the answer to `create`; fields are separated by dots
 *
 * In a path values are percent-encoded, except a `{header:location}` that is the whole path; in a body that is an
 * object they are escaped as JSON. Other braces stay as they are.
 */
export interface RequestTemplate {
  /** @defaultValue `GET` */
  readonly method?: string;
  /** With a leading slash, and with the query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Objects are sent as JSON, strings and bytes as they are. */
  readonly body?: unknown;
  /** Fields of a `multipart/form-data` body. */
  readonly form?: Readonly<Record<string, string | FormFile>>;
  /** Statuses that are no failure. @defaultValue 200 to 399 */
  readonly expectStatus?: readonly number[];
  /** @defaultValue 10_000 */
  readonly timeoutMs?: number;
}

export interface FormFile {
  readonly name: string;
  readonly content: string | Uint8Array;
  /** @defaultValue `application/octet-stream` */
  readonly type?: string;
}

/** An operation made of requests. Rounds of operations without a `destroy` are driven by autocannon. */
export interface RequestOperation {
  /** Cycles of this operation for each cycle of an operation of weight 1. @defaultValue 1 */
  readonly weight?: number;
  readonly create: RequestTemplate;
  /** Undoes what `create` did; it may take values of that answer. */
  readonly destroy?: RequestTemplate;
  /** Draws its inputs from these alone. @defaultValue the scenario's universe */
  readonly inputs?: readonly number[];
  /** Disturbs each of its cycles. */
  readonly fault?: Fault;
}
