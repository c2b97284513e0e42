/** Hashes what it is sent, on a thread of its own. */
import { createHash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';

parentPort!.on('message', (text: string) => {
  parentPort!.postMessage(createHash('sha256').update(text).digest('base64url'));
});
