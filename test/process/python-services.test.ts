import { describe, expect, it } from 'vitest';
import { leakingCases, soundCases } from '../fixtures/runtimes/python/cases.js';
import { expectTruth, hasPython, soakPython } from '../support/python-judgement.js';

const chosen = ['leak_sessions', 'leak_tasks', 'leak_files', 'leak_workers', 'sound_cycles', 'sound_connections'];
const caseOf = (name: string) => [...leakingCases, ...soundCases].find((candidate) => candidate.name === name)!;

describe.runIf(hasPython)('a service in Python', () => {
  it.each(chosen)('%s, whose cause is looked for while it rests', async (name) => {
    const stages = new Set<string>();
    await expectTruth(caseOf(name), { onProgress: ({ stage }) => stages.add(stage) });
    // Of a search that follows the end of the target.
    expect(stages).not.toContain('attributing');
  });

  it('that lets nobody in is judged from outside, and why is said', async () => {
    // Without -E the directory of the script is on its path, where it imports from; with it, too.
    const { verdict, warnings, findings } = await soakPython(caseOf('leak_connections'), ['python3', '-E']);
    expect(warnings).toContainEqual(
      expect.stringContaining('Python was started with -E, which keeps it from loading the agent; start it without -E'),
    );
    expect(verdict).toBe('leak');
    expect(findings.map(({ metric }) => metric)).not.toContain('objects');
  });
});
