import type { Runtime } from '../model/runtime.js';
import { go } from './go/go.js';
import { jvm } from './jvm/jvm.js';
import { native } from './native/native.js';
import { postgres } from './postgres/postgres.js';
import { python } from './python/python.js';
import { redis } from './redis/redis.js';
import { ruby } from './ruby/ruby.js';

/** Every runtime that plateau can look into, the more specific ones first. */
export const runtimes: readonly Runtime[] = [redis, postgres, go, jvm, python, ruby, native];
