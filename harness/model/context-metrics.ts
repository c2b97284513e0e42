import type { MetricDefinition } from './metric-definition.js';

/** Recorded for curves and comparisons, never judged. */
export const contextMetrics: readonly MetricDefinition[] = [
  { name: 'heapCode', channel: 'context', unit: 'B', description: 'compiled code, bytecode and their metadata' },
  {
    name: 'heapObjects',
    channel: 'context',
    unit: 'objects',
    description: 'live objects as the runtime counts them, its own included: they vary by some',
  },
  { name: 'heapTotal', channel: 'context', unit: 'B', description: 'heap that V8 has reserved' },
  { name: 'heapSpace.*', channel: 'context', unit: 'B', description: 'use of one V8 heap space' },
  { name: 'rssAnonymous', channel: 'context', unit: 'B', description: 'resident anonymous pages' },
  {
    name: 'groupMemory',
    channel: 'context',
    unit: 'B',
    description: "memory of the target's own control group, page cache too",
  },
  { name: 'groupPeakMemory', channel: 'context', unit: 'B', description: 'most that its control group ever had' },
  { name: 'oomKills', channel: 'context', unit: 'processes', description: 'processes of its group killed for memory' },
  { name: 'cpu', channel: 'context', unit: 'cores', description: 'CPU used since the sample before' },
  {
    name: 'eventLoopUtilization',
    channel: 'context',
    unit: 'ratio',
    description: 'share of time the event loop was busy',
  },
  { name: 'cpuPerCycle', channel: 'context', unit: 'ms', description: 'CPU of the target a cycle, while driving' },
  {
    name: 'cpuOthers',
    channel: 'context',
    unit: 'cores',
    description: 'CPU that everything but the target and plateau used while driving',
  },
  { name: 'throughput', channel: 'context', unit: 'cycles/s', description: 'cycles per second of driving' },
  { name: 'successRate', channel: 'context', unit: 'ratio', description: 'cycles without an error, of those started' },
  {
    name: 'landedShare',
    channel: 'context',
    unit: 'ratio',
    description: 'how much of the rate that was asked for the target takes',
  },
  {
    name: 'latency.*',
    channel: 'context',
    unit: 'ms',
    description: 'latency of one operation, one phase, one percentile',
  },
  { name: 'held.*', channel: 'context', unit: 'objects', description: 'objects of one operation that are held alive' },
  { name: 'expiringKeys', channel: 'context', unit: 'keys', description: 'keys of a Redis server that expire' },
  {
    name: 'clockMovedMs',
    channel: 'context',
    unit: 'ms',
    description: "how far the target's clock was moved on, ahead of real time",
  },
  { name: 'settleReads', channel: 'context', unit: 'reads', description: 'collections until the floor was reached' },
];
