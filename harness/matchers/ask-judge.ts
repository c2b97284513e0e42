import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { attachFunction } from '../agent/attached-function.js';
import { PlateauError } from '../model/errors.js';
import { type JudgeAnswer, type JudgePlan, subjectDescriptor } from './judge-protocol.js';

const judge = fileURLToPath(new URL('./judge-process.js', import.meta.url));

/** Has a process of its own judge; `call` is what that process drives here. @throws {PlateauError} `PLATEAU_INTERNAL` */
export async function askJudge(plan: JudgePlan, call?: (cycle: number) => unknown): Promise<JudgeAnswer> {
  const child = spawn(process.execPath, [judge, JSON.stringify(plan)], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    // Options of the test's process, such as loaders and inspectors, are not meant for this one.
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  if (call !== undefined) attachFunction(child.stdio[subjectDescriptor] as Socket, call);
  const [answer, errors] = await Promise.all([text(child.stdout!), text(child.stderr!), once(child, 'close')]);
  if (answer !== '') return JSON.parse(answer) as JudgeAnswer;
  throw new PlateauError('PLATEAU_INTERNAL', `the process that judges ended without an answer:\n${errors.trim()}`, {
    hint: 'this is a defect of plateau: report it with these lines',
  });
}
