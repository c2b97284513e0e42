// Work of 400 kinds, each with code of its own that is compiled when it is first hot. The leak: results by number.
import { leaks } from './planted.mjs';

const results = [];
const kinds = Array.from(
  { length: 400 },
  (_, kind) =>
    new Function(
      'value',
      `
    let sum = ${kind};
    for (let index = 0; index < 20; index += 1) sum = (sum * 31 + value * ${kind + 1} + index) % 65521;
    return { kind: ${kind}, sum, label: 'kind ' + (sum % 10) };
  `,
    ),
);

export function iterate(cycle) {
  // Some kinds are much rarer than others, so that code goes on being compiled for long.
  const kind = Math.floor(400 * ((cycle * 0.618_034) % 1) ** 3);
  const result = kinds[kind](cycle);
  if (leaks(cycle)) results.push(result);
}
