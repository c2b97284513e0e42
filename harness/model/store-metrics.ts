import type { MetricDefinition } from './metric-definition.js';

/** What servers of Redis and PostgreSQL hold for their clients. */
export const storeMetrics: readonly MetricDefinition[] = [
  {
    name: 'keys',
    channel: 'count',
    unit: 'keys',
    description: 'keys of a Redis server that do not expire',
    scale: 'entries',
  },
  { name: 'expiringUsed', channel: 'advisory', unit: 'B', description: 'memory of keys of a Redis server that expire' },
  { name: 'clients', channel: 'count', unit: 'clients', description: "clients of a Redis server, plateau's left out" },
  {
    name: 'subscriptions',
    channel: 'count',
    unit: 'subscriptions',
    description: 'subscriptions of all clients of a Redis server',
    scale: 'entries',
  },
  {
    name: 'outputBuffers',
    channel: 'bytes',
    unit: 'B',
    description: 'answers and messages that clients of a Redis server have not read',
  },
  {
    name: 'scripts',
    channel: 'count',
    unit: 'scripts',
    description: 'scripts and functions that a Redis server keeps',
    scale: 'entries',
  },
  { name: 'locks', channel: 'count', unit: 'locks', description: 'locks that sessions of a database server hold' },
  { name: 'sessions', channel: 'count', unit: 'sessions', description: "sessions of a database's clients" },
  {
    name: 'openTransactions',
    channel: 'count',
    unit: 'transactions',
    description: 'transactions of a database that have not ended',
  },
  {
    name: 'temporaryTables',
    channel: 'count',
    unit: 'tables',
    description: 'temporary tables that sessions of a database have not dropped',
  },
  {
    name: 'preparedStatements',
    scale: 'entries',
    channel: 'count',
    unit: 'statements',
    description: 'statements that sessions of a database keep prepared',
  },
  {
    name: 'databaseObjects',
    channel: 'count',
    unit: 'objects',
    description: 'tables, sequences, functions, roles and other named things of a database',
  },
  { name: 'replicationSlots', channel: 'count', unit: 'slots', description: 'replication slots of a database server' },
  {
    name: 'retainedLog',
    channel: 'bytes',
    unit: 'B',
    description: 'write-ahead log of a database server that a replication slot keeps until its reader confirms it',
  },
  {
    name: 'notificationQueue',
    channel: 'bytes',
    unit: 'B',
    description: 'notifications of a database server that a session which listens has not taken',
  },
  {
    name: 'tableSize',
    channel: 'bytes',
    unit: 'B',
    description: 'tables, indexes and large objects of a database, after VACUUM',
  },
];
