// Orders that are parsed, priced and answered. The leak: nodes of a known size stay in a list; `PLANTED_BYTES` of heap each.
import { leaks } from './planted.mjs';

/** A node alone: an object's header of 24 B, and five fields of 8 B. */
const nodeBytes = 64;
/** What an array takes beside its elements of 8 B: its own header of 32 B, and that of its elements of 16 B. */
const arrayBytes = 48;
const bytes = Number(process.env.PLANTED_BYTES ?? nodeBytes);
const elements = (bytes - nodeBytes - arrayBytes) / 8;

let last;

function keep(cycle) {
  const notes = bytes === nodeBytes ? 0 : new Array(elements).fill(0);
  last = { previous: last, cycle, notes, priced: 1, answered: 0 };
}

export async function iterate(cycle) {
  const order = JSON.parse(
    `{"id":${cycle},"lines":[{"sku":"a${cycle % 97}","count":${1 + (cycle % 5)}},{"sku":"b","count":2}]}`,
  );
  await null;
  const total = order.lines.reduce((sum, { sku, count }) => sum + count * sku.length, 0);
  JSON.stringify({ id: order.id, total, lines: order.lines.map(({ sku }) => sku.toUpperCase()) });
  if (leaks(cycle)) keep(cycle);
}
