import { describe, expect, it } from 'vitest';
import { Headroom } from '../../../../harness/run/measuring/headroom.js';

describe('Headroom', () => {
  it('says when another round would be one too many', () => {
    const headroom = new Headroom(undefined, 1_000);
    expect(headroom.observe({ heapUsed: 100 })).toEqual({ tight: false });
    expect(headroom.observe({ heapUsed: 101 })).toEqual({ tight: false });
    expect(headroom.observe({ heapUsed: 300 })).toEqual({ tight: true });
    expect(headroom.observe({ heapUsed: 500 })).toEqual({ exhausted: 'heapUsed', tight: true });
  });

  it('watches descriptors by the limit of the process itself', () => {
    const headroom = new Headroom(process.pid, undefined);
    expect(headroom.observe({ fds: 20 })).toEqual({ tight: false });
    expect(headroom.observe({ fds: 2 ** 40 })).toEqual({ exhausted: 'fds', tight: true });
  });

  it('counts the mappings of the process, of which each thread takes two', () => {
    const mapped = new Headroom(process.pid, undefined, { mappingsMax: 10 });
    expect(mapped.observe({})).toEqual({ exhausted: 'mappings', tight: true });
    expect(new Headroom(process.pid, undefined, { mappingsMax: 1e6 }).observe({})).toEqual({ tight: false });
  });

  it('does not mind what is not read', () => {
    expect(new Headroom(undefined, undefined).observe({ 'gauge.entries': 1e12 })).toEqual({ tight: false });
  });
});
