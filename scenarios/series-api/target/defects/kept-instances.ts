import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { duckdbOptions, type WithDuckDb } from '../duckdb/with-duckdb.js';

const kept: DuckDBConnection[] = [];

/** An instance for each call and no end of it: a thread and megabytes outside the heap, next to nothing inside. */
export const withKeptDuckDb: WithDuckDb = async (work) => {
  const instance = await DuckDBInstance.create(':memory:', duckdbOptions);
  const connection = await instance.connect();
  kept.push(connection);
  return work(connection);
};
