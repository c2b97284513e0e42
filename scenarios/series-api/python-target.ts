import { fileURLToPath } from 'node:url';
import type { CommandTarget } from '../../harness/index.js';
import { requirePythonPackages } from '../required-packages.js';

/**
 * The series API as a service in Python. `PLATEAU_PYTHON` names the interpreter.
 * @param packages that it needs
 * @param options of the service: `--workers` for two of them under uvicorn, in place of one process without packages
 */
export function pythonSeries(packages: readonly string[] = [], ...options: readonly '--workers'[]) {
  return ({ defects }: { readonly defects: readonly string[] }): CommandTarget => {
    const python = process.env.PLATEAU_PYTHON ?? 'python3';
    requirePythonPackages('series-api', ['sqlite3', ...packages], python);
    const main = fileURLToPath(new URL('./python/main.py', import.meta.url));
    return {
      command: [python, main, '{port}', ...options, ...defects.flatMap((name) => ['--defect', name])],
    };
  };
}
