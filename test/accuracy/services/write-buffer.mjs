// Rows that are collected and written every 700: memory goes up and down. The leak: what was written is kept in a journal.
import { leaks } from './planted.mjs';

const journal = [];
let rows = [];

export async function iterate(cycle) {
  await null;
  const row = { cycle, columns: [cycle, cycle % 13, `row ${cycle}`] };
  rows.push(row);
  if (leaks(cycle)) journal.push({ cycle, size: row.columns.length });
  if (rows.length >= 700) rows = [];
}
