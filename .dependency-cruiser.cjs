/** Who may import whom; the reasons are in harness/README.md. */
const stages = [
  'scenario',
  'target',
  'drive',
  'sample',
  'runtimes',
  'series',
  'store',
  'attribute',
  'repository',
  'queue',
  'export',
  'notify',
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'model-imports-nothing',
      severity: 'error',
      from: { path: '^harness/model/' },
      to: { path: '^(harness|reporters|scenarios|test)/', pathNot: '^harness/model/' },
    },
    {
      name: 'platform-imports-model',
      severity: 'error',
      from: { path: '^harness/platform/' },
      to: { path: '^(harness|reporters|scenarios|test)/', pathNot: '^harness/(model|platform)/' },
    },
    {
      name: 'analyse-imports-model',
      severity: 'error',
      from: { path: '^harness/analyse/' },
      to: { path: '^(harness|reporters|scenarios|test)/', pathNot: '^harness/(model|analyse)/' },
    },
    ...stages.map((stage) => ({
      name: `${stage}-stands-alone`,
      severity: 'error',
      from: { path: `^harness/${stage}/` },
      to: { path: '^(harness|reporters|scenarios|test)/', pathNot: `^harness/(model|platform|${stage})/` },
    })),
    {
      name: 'agent-is-small',
      comment: 'runs inside the target',
      severity: 'error',
      from: { path: '^harness/agent/' },
      to: {
        path: '^(harness|reporters|scenarios|test)/',
        pathNot: '^harness/(model|agent|drive)/|^harness/scenario/plateau-resolver',
      },
    },
    {
      name: 'run-wires-stages',
      severity: 'error',
      from: { path: '^harness/run/' },
      to: { path: '^(harness/cli|reporters|scenarios|test)/' },
    },
    {
      name: 'reporters-see-the-model',
      severity: 'error',
      from: { path: '^reporters/' },
      to: { path: '^(harness|scenarios|test)/', pathNot: '^harness/model/' },
    },
    {
      name: 'scenarios-use-the-public-api',
      severity: 'error',
      from: { path: '^scenarios/' },
      to: { path: '^(harness|reporters|test)/', pathNot: '^harness/index\\.ts$' },
    },
    {
      name: 'nobody-imports-tests',
      severity: 'error',
      from: { path: '^(harness|reporters|scenarios)/' },
      to: { path: '^test/' },
    },
    {
      name: 'commander-in-cli',
      severity: 'error',
      from: { path: '^(harness|reporters|scenarios)/', pathNot: '^harness/cli/' },
      to: { path: 'node_modules/commander' },
    },
    {
      name: 'execa-in-target',
      severity: 'error',
      from: { path: '^(harness|reporters|scenarios)/', pathNot: '^harness/target/' },
      to: { path: 'node_modules/execa' },
    },
    {
      name: 'bullmq-in-queue',
      severity: 'error',
      from: { path: '^(harness|reporters|scenarios)/', pathNot: '^harness/queue/' },
      to: { path: 'node_modules/(bullmq|ioredis)' },
    },
    {
      name: 'pidusage-in-sample',
      severity: 'error',
      from: { path: '^(harness|reporters|scenarios)/', pathNot: '^harness/sample/' },
      to: { path: 'node_modules/pidusage' },
    },
    {
      severity: 'error',
      from: { path: '^(harness|reporters|scenarios)/', pathNot: '^harness/drive/http' },
      to: { path: 'node_modules/autocannon' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.cts', '.mts', '.js'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'types'],
    },
  },
};
