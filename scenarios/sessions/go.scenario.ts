import { fileURLToPath } from 'node:url';
import { defineScenario } from '../../harness/index.js';
import { requireCommand } from '../required-packages.js';
import { sessionsScenario } from './sessions-scenario.js';

export default defineScenario({
  ...sessionsScenario,
  name: 'sessions/go',
  summary: 'a service in Go whose sessions are created and destroyed, beside one that it asks for profiles',
  services: { UPSTREAM: { script: new URL('./go/profiles.mjs', import.meta.url) } },
  target({ defects }) {
    requireCommand('sessions/go', 'go', 'install Go (Debian: apt-get install golang-go)');
    return {
      go: './service.go',
      cwd: fileURLToPath(new URL('./go/', import.meta.url)),
      env: { PORT: '{port}', MODE: defects.join(',') },
      ready: { line: 'listening' },
    };
  },
  defects: {
    goroutine: {
      summary: 'a goroutine for each session waits at a channel that nobody sends to',
      expect: { verdict: 'leak', metric: 'goroutines', shape: 'linear', perCycle: 1 },
    },
    ticker: {
      summary: 'a ticker for each session is never stopped, nor the goroutine that reads it',
      expect: { verdict: 'leak', metric: 'goroutines', shape: 'linear', perCycle: 1 },
    },
    'stopped-ticker': {
      summary: 'a ticker for each session that is stopped when it is done',
      expect: { verdict: 'plateau' },
    },
    body: {
      summary: 'the body of an answer is neither read nor closed, and keeps its connection',
      expect: { verdict: 'leak', metric: 'fds', shape: 'linear', perCycle: 1 },
    },
  },
});
