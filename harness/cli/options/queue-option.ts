import { invalidOption } from '../../model/errors.js';

/** @throws {PlateauError} `PLATEAU_INVALID_OPTION` when neither the option nor the variable names a queue */
export function queueOf(
  { queue }: { readonly queue?: string },
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const url = queue ?? environment.PLATEAU_QUEUE ?? '';
  if (url !== '') return url;
  throw invalidOption(
    '--queue: expected the address of a Redis, got none.',
    '--queue redis://127.0.0.1:6379, or the variable PLATEAU_QUEUE',
  );
}
