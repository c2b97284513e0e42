import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Attachment } from '../../model/agent-protocol.js';

const directory = fileURLToPath(new URL('../../agent', import.meta.url));
const entry = join(directory, 'attached-agent.cjs');

/**
 * JavaScript that loads the agent from its own text and attaches it. The process reads no file for it, so it need not have
 * the right to, and its modules are not among those that the process has loaded. Expects Node's `require` in scope.
 */
export function agentExpression(attachment: Attachment): string {
  const files = Object.fromEntries(
    readdirSync(directory)
      .filter((name) => name.endsWith('.cjs'))
      .map((name) => [join(directory, name), readFileSync(join(directory, name), 'utf8')]),
  );
  return `(${loadAgent.toString()})(require, ${JSON.stringify(files)}, ${JSON.stringify(entry)}).attach(${JSON.stringify(attachment)})`;
}

/** Runs in the target; has no other scope, since it travels as text. Frames show the names of the files. */
function loadAgent(
  nodeRequire: NodeJS.Require,
  files: Readonly<Record<string, string>>,
  first: string,
): { attach(attachment: Attachment): void } {
  const path = nodeRequire('node:path') as typeof import('node:path');
  const vm = nodeRequire('node:vm') as typeof import('node:vm');
  const loaded = new Map<string, { exports: unknown }>();
  const load = (file: string): unknown => {
    const known = loaded.get(file);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    loaded.set(file, module);
    const names = ['exports', 'require', 'module', '__filename', '__dirname'];
    const run = vm.compileFunction(files[file]!, names, { filename: file });
    const requireFrom = (name: string) =>
      name.startsWith('.') ? load(path.join(path.dirname(file), name)) : nodeRequire(name);
    run.call(module.exports, module.exports, requireFrom, module, file, path.dirname(file));
    return module.exports;
  };
  return load(first) as { attach(attachment: Attachment): void };
}
