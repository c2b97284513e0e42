import { expect, test } from 'vitest';
import type { StackFrame } from '../../../../harness/model/runtime.js';
import { inPackage, leadsOf, library, own, site } from '../../../support/runtime-leads.js';

test('what one line has made in several places is one lead, in packages that it calls too', () => {
  const at = (line: number): StackFrame => ({ ...inPackage, line });
  const leads = leadsOf((cycles) => ({
    sites: [
      site('name', 2 * cycles, { stack: [at(20), at(9), own(12)] }),
      site('value', cycles, { stack: [library, at(30), own(12)] }),
      site('other', cycles, { stack: [at(20), own(50)] }),
    ],
  }));
  expect(leads).toHaveLength(2);
  const shown = leads[0]!.evidence.get('heapUsed')!;
  expect(shown).toMatchObject({ slope: { estimate: 600 }, location: { line: 20, package: 'pool@1.2' } });
  expect(shown.describe(1)).toBe(
    'Dict objects made for app.py:12 in `login`, most at pool.py:20, stay alive: 3 a cycle',
  );
  expect(leads[1]!.evidence.get('heapUsed')?.describe(1)).toBe('Dict objects made at pool.py:20 stay alive: 1 a cycle');
});

test('of what a line has made itself and through packages, the line leads', () => {
  const leads = leadsOf((cycles) => ({
    sites: [site('a', 2 * cycles, { stack: [inPackage, own(12)] }), site('b', cycles, { stack: [own(12)] })],
  }));
  expect(leads).toHaveLength(1);
  const { location, describe } = leads[0]!.evidence.get('heapUsed')!;
  expect([location?.line, describe(1)]).toEqual([
    12,
    'Dict objects made at app.py:12 in `login` stay alive: 3 a cycle',
  ]);
});
