import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { BaselineEntry } from '../../../harness/model/baseline.js';
import {
  baselineText,
  parseBaseline,
  readBaseline,
  withEntry,
  writeBaseline,
} from '../../../harness/store/baseline-file.js';
import { temporaryDirectory } from '../../support/temporary-directory.js';

const entry: BaselineEntry = {
  run: '20260131-120000-00abc',
  recordedAt: '2026-01-31T12:00:00.000Z',
  cycles: 13_000,
  environment: { plateau: '0.1.0', node: '20.20.2', platform: 'linux x64' },
  metrics: {
    heapUsed: { verdict: 'leak', slope: 175, low: 157, high: 193, unit: 'B/cycle' },
    fds: { verdict: 'plateau', slope: 0, low: 0, high: 0.0003, unit: 'fds/cycle' },
  },
};

test('the file is sorted, one metric a line, and reads back as it was', () => {
  const path = join(temporaryDirectory(), 'plateau.baseline.json');
  expect(readBaseline(path)).toBeUndefined();
  const baseline = withEntry(withEntry(undefined, 'z', { ...entry, metrics: {} }), 'a + defect', entry);
  writeBaseline(path, baseline);
  expect(readBaseline(path)).toEqual(baseline);
  expect(baselineText(baseline)).toMatchInlineSnapshot(`
    "{
      "schemaVersion": 1,
      "scenarios": {
        "a + defect": {
          "run": "20260131-120000-00abc",
          "recordedAt": "2026-01-31T12:00:00.000Z",
          "cycles": 13000,
          "environment": { "plateau": "0.1.0", "node": "20.20.2", "platform": "linux x64" },
          "metrics": {
            "fds": { "verdict": "plateau", "slope": 0, "low": 0, "high": 0.0003, "unit": "fds/cycle" },
            "heapUsed": { "verdict": "leak", "slope": 175, "low": 157, "high": 193, "unit": "B/cycle" }
          }
        },
        "z": {
          "run": "20260131-120000-00abc",
          "recordedAt": "2026-01-31T12:00:00.000Z",
          "cycles": 13000,
          "environment": { "plateau": "0.1.0", "node": "20.20.2", "platform": "linux x64" },
          "metrics": {}
        }
      }
    }
    "
  `);
});

describe('a file that was edited wrongly names the field', () => {
  const text = baselineText(withEntry(undefined, 'store', entry));
  test.each([
    ['{', /file\.json: expected JSON, got /],
    ['[]', /file\.json: content: /],
    [text.replace('"schemaVersion": 1', '"schemaVersion": 7'), /schemaVersion: expected 1, got 7/],
    [text.replace('175', '"175"'), /scenarios\.store\.metrics\.heapUsed\.slope: .*expected number/],
    [text.replace('"unit": "B/cycle"', '"units": "B/cycle"'), /scenarios\.store\.metrics\.heapUsed\.unit: /],
    [text.replace('"verdict": "leak"', '"verdict": "leek"'), /scenarios\.store\.metrics\.heapUsed\.verdict: /],
    [text.replace('"low": 157', '"low": 257'), /metrics\.heapUsed: expected low <= slope <= high, got 257, 175, 193/],
    [text.replace('"cycles": 13000', '"cycels": 13000'), /scenarios\.store\.cycles: /],
  ])('%#', (broken, message) => {
    expect(() => parseBaseline(broken, 'file.json')).toThrow(message);
  });
});
