/**
 * The process that hosts a function module: loads it, and drives its functions when plateau asks.
 * Started with the agent preloaded; this process is the target.
 */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { CycleLoop, type DrivenOperation } from '../drive/cycle-loop.js';
import { sentGauges } from '../drive/gauges.js';
import type { HoldRequest, HostedModule, RoundRequest } from '../model/agent-protocol.js';
import { scenarioBrand } from '../model/scenario.js';
import type { AgentExtension } from './agent.cjs';

interface FunctionModule {
  iterate?(cycle: number): unknown;
  create?(cycle: number): unknown;
  destroy?(handle: unknown): unknown;
  setup?(): unknown;
  teardown?(): unknown;
  gauges?(): Record<string, number> | Promise<Record<string, number>>;
  settleMs?: number;
}

const functionNames = ['iterate', 'create', 'destroy', 'setup', 'teardown', 'gauges'] as const;

const agent = (globalThis as Record<symbol, unknown>)[Symbol.for('plateau.agent')] as AgentExtension;
let hosted: FunctionModule = {};
let loop = new CycleLoop([]);

agent.hold();
agent.handle('module', async ({ module }: { module: string }): Promise<HostedModule> => {
  await registerResolver(module);
  const exports = (await import(module)) as Record<string, unknown>;
  if (isBranded(exports.default)) return { form: 'scenario' };
  const candidate = functionsOf(exports);
  const problem = problemOf(candidate);
  if (problem !== undefined) return { form: 'invalid', problem };
  hosted = candidate as FunctionModule;
  loop = new CycleLoop([drivenOperation(hosted)]);
  return {
    form: 'functions',
    paired: hosted.iterate === undefined,
    hasGauges: hosted.gauges !== undefined,
    settleMs: hosted.settleMs ?? 0,
  };
});
agent.handle('setup', async () => void (await hosted.setup?.()));
agent.handle('round', (round: RoundRequest) => loop.drive(round));
agent.handle('hold', (request: HoldRequest) => loop.hold(request));
agent.handle('release', ({ concurrency }: { concurrency: number }) => loop.release({ concurrency }));
agent.handle('progress', () => loop.progress);
agent.handle('gauges', async () => sentGauges((await hosted.gauges?.()) ?? {}));
agent.handle('teardown', async () => void (await hosted.teardown?.()));

/** `import 'plateau'` in the module means the plateau that runs; the hook is installed only where it is needed. */
async function registerResolver(module: string): Promise<void> {
  const path = fileURLToPath(module);
  if (!existsSync(path) || !/['"]plateau(\/[^'"]*)?['"]/.test(await readFile(path, 'utf8'))) return;
  const { registerPlateauResolver } = await import('../scenario/plateau-resolver.js');
  registerPlateauResolver();
}

function isBranded(value: unknown): boolean {
  return typeof value === 'object' && value !== null && scenarioBrand in value;
}

/** Named exports, or those of the default export where the module has no named ones (CommonJS). */
function functionsOf(exports: Record<string, unknown>): Record<string, unknown> {
  const named = functionNames.some((name) => name in exports);
  const fallback = exports.default;
  return !named && typeof fallback === 'object' && fallback !== null ? (fallback as Record<string, unknown>) : exports;
}

function problemOf(candidate: Record<string, unknown>): string | undefined {
  for (const name of functionNames) {
    const value = candidate[name];
    if (value !== undefined && typeof value !== 'function') {
      return `\`${name}\` must be a function, got ${value === null ? 'null' : typeof value}`;
    }
  }
  const { settleMs } = candidate;
  if (settleMs !== undefined && !(typeof settleMs === 'number' && Number.isFinite(settleMs) && settleMs >= 0)) {
    return `\`settleMs\` must be a number of milliseconds of at least 0, got ${JSON.stringify(settleMs) ?? typeof settleMs}`;
  }
  const paired = candidate.create !== undefined || candidate.destroy !== undefined;
  if (paired && candidate.iterate !== undefined) {
    return 'exports both `iterate` and `create`/`destroy`; expected one of the two forms';
  }
  if (paired && (candidate.create === undefined || candidate.destroy === undefined)) {
    return `\`create\` and \`destroy\` go together; \`${candidate.create === undefined ? 'create' : 'destroy'}\` is missing`;
  }
  if (paired || candidate.iterate !== undefined) return undefined;
  return `expected a default export made by defineScenario, or functions \`iterate\`, or \`create\` and \`destroy\`; got ${exportsText(candidate)}`;
}

function exportsText(candidate: Record<string, unknown>): string {
  const names = Object.keys(candidate);
  if (names.length === 0) return 'no exports';
  const isOneFunction =
    typeof candidate.default === 'function' && names.every((name) => name === 'default' || name === 'module.exports');
  return isOneFunction ? 'a function as default export: if it is one cycle, export it as `iterate`' : names.join(', ');
}

function drivenOperation(module: FunctionModule): DrivenOperation {
  const name = 'cycle';
  if (module.iterate !== undefined) return { name, weight: 1, create: (cycle) => module.iterate?.(cycle) };
  return {
    name,
    weight: 1,
    create: (cycle) => module.create?.(cycle),
    destroy: (handle) => module.destroy?.(handle),
  };
}
