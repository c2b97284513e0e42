/** Part of the Java platform: neither the user's code nor a library's. */
export function isPlatformClass(name: string): boolean {
  return /^(\[+[BCDFIJSZ]$|\[*L?(java|javax|jdk|sun|com\.sun)\.)/.test(name);
}

/** As people write it: `[[B` -> `byte[][]`, `com.acme.Cart$Item` -> `com.acme.Cart.Item`. */
export function readableClass(name: string): string {
  const [, dimensions = '', element = ''] = /^(\[*)(.*)$/.exec(name) ?? [];
  const brackets = '[]'.repeat(dimensions.length);
  if (dimensions === '') return withoutGenerated(element);
  const primitive = primitives[element];
  return `${primitive ?? withoutGenerated(element.replace(/^L/, '').replace(/;$/, ''))}${brackets}`;
}

const primitives: Readonly<Record<string, string>> = {
  B: 'byte',
  C: 'char',
  D: 'double',
  F: 'float',
  I: 'int',
  J: 'long',
  S: 'short',
  Z: 'boolean',
};

/** `Shop$$Lambda$22+0x7f0adc006c00` -> `Shop lambda`, `Shop$Cart$1` -> `Shop.Cart.1` */
function withoutGenerated(name: string): string {
  const lambda = name.indexOf('$$Lambda');
  if (lambda >= 0) return `${withoutGenerated(name.slice(0, lambda))} lambda`;
  return name.replace(/[+/]0x[\da-f]+.*$/, '').replace(/(?<=[^.$])\$(?=[^$])/g, '.');
}

/** The class in whose source file a class stands: `com.acme.Cart$Item$1` -> `com.acme.Cart`. */
export function outermostClass(name: string): string {
  const dollar = name.indexOf('$', name.lastIndexOf('.') + 2);
  return dollar < 0 ? name : name.slice(0, dollar);
}
