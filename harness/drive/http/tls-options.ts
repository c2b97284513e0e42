import type { ConnectionOptions } from 'node:tls';
import type { HttpSettings } from '../../model/http.js';

/** What a scenario trusts over TLS, as `node:tls` takes it. */
export function tlsOptions({
  ca,
  rejectUnauthorized,
}: HttpSettings): Pick<ConnectionOptions, 'ca' | 'rejectUnauthorized'> {
  return {
    ...(ca !== undefined && { ca: typeof ca === 'string' ? ca : [...ca] }),
    ...(rejectUnauthorized !== undefined && { rejectUnauthorized }),
  };
}
