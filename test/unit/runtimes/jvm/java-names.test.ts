import { expect, test } from 'vitest';
import { isPlatformClass, outermostClass, readableClass } from '../../../../harness/runtimes/jvm/java-names.js';

test.each([
  ['[B', 'byte[]'],
  ['[[J', 'long[][]'],
  ['[Ljava.lang.Object;', 'java.lang.Object[]'],
  ['com.acme.Cart$Item', 'com.acme.Cart.Item'],
  ['Shop$Cart$1', 'Shop.Cart.1'],
  ['Shop$$Lambda$22+0x00007f0adc006c00', 'Shop lambda'],
  ['Shop$$Lambda/0x00007f0adc006c00', 'Shop lambda'],
])('%s reads %s', (name, readable) => {
  expect(readableClass(name)).toBe(readable);
});

test.each([
  ['com.acme.Cart$Item$1', 'com.acme.Cart'],
  ['Shop$$Lambda$22', 'Shop'],
  ['com.acme.Cart', 'com.acme.Cart'],
])('%s stands in the file of %s', (name, outermost) => {
  expect(outermostClass(name)).toBe(outermost);
});

test.each([
  'java.util.HashMap$Node',
  '[B',
  '[Ljava.lang.String;',
  'jdk.internal.ref.Cleaner',
  'com.sun.net.httpserver.Filter',
])('%s is of the platform', (name) => expect(isPlatformClass(name)).toBe(true));

test.each(['com.acme.Cart', '[Lcom.acme.Cart;', 'javassist.ClassPool', 'Shop'])('%s is not of the platform', (name) =>
  expect(isPlatformClass(name)).toBe(false),
);
