// Rules that are compiled from text and kept while they are used; each order brings one that nobody had before. The leak: no rule is ever let go.
import { setTimeout as wait } from 'node:timers/promises';
import vm from 'node:vm';
import { leaks } from './planted.mjs';

const mostRules = 16;
const compiled = new Map();

function ruleOf(code, isKept = false) {
  const known = compiled.get(code);
  if (known !== undefined) return known;
  const context = vm.createContext({ round: Math.round });
  const rule = new vm.Script(`(function rule(order) {\n${code}\n})`).runInContext(context);
  compiled.set(code, rule);
  if (compiled.size > mostRules && !isKept) compiled.delete(compiled.keys().next().value);
  return rule;
}

export async function iterate(cycle) {
  const order = { total: 10 + (cycle % 50) };
  ruleOf('return order.total > 40 ? 4 : 0;')(order);
  if (cycle % 8 === 0) ruleOf(`return round(order.total / 10); // ${cycle}`, leaks(cycle / 8))(order);
  await wait(1);
}
