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
