import { expect, test } from 'vitest';
import type { PlateauError } from '../../../harness/index.js';
import { requireCommand, requirePackages, requirePythonPackages } from '../../../scenarios/required-packages.js';

const resolve = (name: string): string => {
  if (name === 'libsql') throw new Error('not found');
  return name;
};

test('a package that is not installed: named, with the command that installs it', () => {
  expect(() => requirePackages('series-api', ['@duckdb/node-api'], resolve)).not.toThrow();
  try {
    requirePackages('series-api', ['libsql', '@duckdb/node-api'], resolve);
    expect.unreachable();
  } catch (error) {
    const { code, message, hint, exitCode } = error as PlateauError;
    expect({ code, message, hint, exitCode }).toEqual({
      code: 'PLATEAU_MISSING_PACKAGE',
      message: 'system series-api: expected the packages libsql, @duckdb/node-api, got no libsql',
      hint: 'npm install --save-dev libsql',
      exitCode: 3,
    });
  }
});

test('a package of Python that is not installed, or a Python that is not there: with the command that installs it', () => {
  const missing = (packages: readonly string[], python: string) => {
    try {
      requirePythonPackages('series-api', packages, python);
      return undefined;
    } catch (error) {
      return (error as PlateauError).hint;
    }
  };
  expect(missing(['json', 'sqlite3'], 'python3')).toBeUndefined();
  expect(missing(['json', 'no_such_package'], 'python3')).toMatch(/^python3 -m pip install no_such_package; /);
  expect(missing(['json'], '/nowhere/python3')).toMatch(/^\/nowhere\/python3 -m pip install json; /);
});

test('a command that is not in the PATH: named, with what installs it', () => {
  expect(() => requireCommand('a service', 'node', 'install Node')).not.toThrow();
  const missing = expect.objectContaining({
    code: 'PLATEAU_MISSING_PACKAGE',
    message: 'a service: expected no-such-command in the PATH, got none',
    hint: 'install it',
  });
  expect(() => requireCommand('a service', 'no-such-command', 'install it')).toThrow(missing);
});
