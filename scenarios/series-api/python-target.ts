import { fileURLToPath } from 'node:url';
import type { CommandTarget } from '../../harness/index.js';
import { requirePythonPackages } from '../required-packages.js';

/** The series API as a service in Python: FastAPI, and uvicorn with two workers. `PLATEAU_PYTHON` names the interpreter. */
export function pythonSeriesTarget({ defects }: { readonly defects: readonly string[] }): CommandTarget {
  const python = process.env.PLATEAU_PYTHON ?? 'python3';
  requirePythonPackages('series-api', ['fastapi', 'uvicorn', 'duckdb'], python);
  const main = fileURLToPath(new URL('./python/main.py', import.meta.url));
  return {
    command: [python, main, '{port}', ...defects.flatMap((name) => ['--defect', name])],
  };
}
