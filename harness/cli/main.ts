#!/usr/bin/env node
import './require-node.js';
import './require-descriptors.js';

// Loaded here, so that an installation or a machine that does not let it load is a fault: Node would end with 1, a leak.
try {
  await import('./command-line.js');
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`plateau failed: ${message.split('\n', 1)[0]}\n`);
  process.exit(4);
}
