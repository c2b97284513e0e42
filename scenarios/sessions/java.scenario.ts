import { fileURLToPath } from 'node:url';
import { defineScenario } from '../../harness/index.js';
import { requireCommand } from '../required-packages.js';
import { sessionsScenario } from './sessions-scenario.js';

export default defineScenario({
  ...sessionsScenario,
  name: 'sessions/java',
  summary: 'a service in Java whose sessions are created and destroyed',
  target({ defects }) {
    // Java alone runs programs; the compiler, which starts one from its source, comes with it in a development kit.
    requireCommand('sessions/java', 'javac', 'install a JDK (Debian: apt-get install default-jdk-headless)');
    return {
      command: ['java', '-Xmx256m', 'Service.java'],
      cwd: fileURLToPath(new URL('./java/', import.meta.url)),
      env: { PORT: '{port}', MODE: defects.join(',') },
      ready: { line: 'listening' },
    };
  },
  defects: {
    list: {
      summary: 'a static list keeps each session',
      expect: { verdict: 'leak', metric: 'heapUsed', shape: 'linear', perCycle: 228 },
    },
    'thread-local': {
      summary: 'what a thread of the pool keeps for itself grows by each session',
      expect: { verdict: 'leak', metric: 'heapUsed', shape: 'linear', perCycle: 228 },
    },
    scratch: {
      summary: 'what a thread of the pool keeps for itself is used again',
      expect: { verdict: 'plateau' },
    },
    direct: {
      summary: 'a list keeps a buffer outside the heap for each session',
      expect: { verdict: 'leak', metric: 'directBuffers', shape: 'linear', perCycle: 1 },
    },
  },
});
