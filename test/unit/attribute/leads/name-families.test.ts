import { expect, test } from 'vitest';
import { nameFamilies } from '../../../../harness/attribute/leads/name-families.js';

test('names with random parts are one family', () => {
  const random = ['upload-bsqd_k_d', 'upload-xtypcwt_', 'upload-ne_rqzbk'];
  const temporary = ['tmpab_k2x.csv', 'tmpq0wlzz.csv', 'tmpzz9k_s.csv'];
  expect(nameFamilies([...temporary, ...random, 'report', 'socket'])).toEqual(
    new Map([...temporary.map((name) => [name, 'tmp*.csv']), ...random.map((name) => [name, 'upload-*'])] as [
      string,
      string,
    ][]),
  );
});

test('two that are alike by chance are none', () => {
  expect(nameFamilies(['cache-a', 'cache-b', 'log'])).toEqual(new Map());
});

test('files are no family because of their directory, which may have a random part itself', () => {
  const unlike = ['/srv/app/access.log', '/srv/app/data.db', '/srv/app/uploads/a.png', '/srv/app/uploads/z.png'];
  expect(nameFamilies(unlike)).toEqual(new Map());
  const directories = ['/tmp/upload-x8/body', '/tmp/upload-qm/body', '/tmp/upload-0z/body'];
  expect(new Set(nameFamilies([...unlike, ...directories]).values())).toEqual(new Set(['/tmp/upload-*']));
});
