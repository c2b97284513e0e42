import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { SourceFiles } from '../../../../harness/runtimes/jvm/source-files.js';
import { temporaryDirectory } from '../../../support/temporary-directory.js';

function project(files: Readonly<Record<string, string>>) {
  const root = temporaryDirectory();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return { root, files: new SourceFiles(root) };
}

const cart =
  'package com.acme;\n\npublic class Cart {\n  static final Map<String, Item> ITEMS = new HashMap<>();\n}\nclass Helper {}\n';

test('a class is found in its package, a nested one in the file of the outermost', () => {
  const { root, files } = project({
    'src/main/java/com/acme/Cart.java': cart,
    'src/main/java/com/other/Cart.java': 'package com.other;\nclass Cart {}\n',
    'src/main/kotlin/Routes.kt': 'package com.acme\nfun route() {}\n',
    'target/generated/com/acme/Copy.java': 'package com.acme;\nclass Copy {}\n',
  });
  expect(files.fileOf('com.acme.Cart$Item$1')).toBe(join(root, 'src/main/java/com/acme/Cart.java'));
  expect(files.fileOf('com.other.Cart')).toBe(join(root, 'src/main/java/com/other/Cart.java'));
  expect(files.fileOf('com.acme.Helper')).toBe(join(root, 'src/main/java/com/acme/Cart.java'));
  expect(files.fileOf('com.acme.RoutesKt')).toBe(join(root, 'src/main/kotlin/Routes.kt'));
  expect(files.fileOf('com.acme.Copy')).toBeUndefined();
  expect(files.fileOf('java.util.HashMap')).toBeUndefined();
});

test('with sources at hand, what has none is a library', () => {
  const { files } = project({ 'Cart.java': cart });
  const isOwn = (className: string) => files.toStackFrame({ className, method: 'add', line: 3 }).isOwn;
  expect([isOwn('com.acme.Cart'), isOwn('org.lib.Pool'), isOwn('java.util.HashMap')]).toEqual([true, false, false]);
});

test('without any, all but the platform is the user’s', () => {
  const files = new SourceFiles(undefined);
  const place = files.toStackFrame({ className: 'com.acme.Cart$Item', method: 'add', line: 3 });
  expect(place).toEqual({ file: 'com/acme/Cart.java', line: 3, function: 'com.acme.Cart.Item.add', isOwn: true });
  expect(files.toStackFrame({ className: 'java.util.HashMap', method: 'put', line: 3 }).isOwn).toBe(false);
});

test('a static field is located by its declaration', () => {
  const { root, files } = project({ 'Cart.java': cart });
  expect(files.declarationOf('com.acme.Cart', 'ITEMS')).toEqual({ file: join(root, 'Cart.java'), line: 4 });
  expect(files.declarationOf('com.acme.Cart', 'GONE')).toBeUndefined();
});
