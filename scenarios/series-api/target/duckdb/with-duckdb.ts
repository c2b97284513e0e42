import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

/** Threads of an instance: the caller's and one of its own. */
export const duckdbOptions = { threads: '2' };

/** Runs `work` in a DuckDB instance of its own, in memory, which ends with it. */
export type WithDuckDb = <Result>(work: (connection: DuckDBConnection) => Promise<Result>) => Promise<Result>;

export const withDuckDb: WithDuckDb = async (work) => {
  const instance = await DuckDBInstance.create(':memory:', duckdbOptions);
  try {
    const connection = await instance.connect();
    try {
      return await work(connection);
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
  }
};
