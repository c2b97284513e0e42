import { operation } from '../../harness/index.js';

/** In every fourth cycle the policy is executed for a measurement that has no table. */
export const policyFailsEvery = 4;

/** The service in Python: a policy stored, executed, and deleted. */
export const policyCycle = operation({
  async create({ target, cycle, input }) {
    const path = `/policies/p-${input}`;
    await target.http.put(path);
    const measurement = cycle % policyFailsEvery === 0 ? 'nowhere' : 'policies';
    await target.http.request('POST', `${path}/${measurement}`, { accept: [400] });
    return path;
  },
  async destroy(path, { target }) {
    await target.http.delete(path);
  },
});

/** The service in Python: an API token issued, used, and revoked. */
export const tokenCycle = operation({
  async create({ target, input }) {
    const { token } = (await target.http.post(`/tokens/client-${input}`)).json<{ token: string }>();
    await target.http.get(`/tokens/${token}`);
    return token;
  },
  async destroy(token, { target }) {
    await target.http.delete(`/tokens/${token}`);
  },
});
