import { clearInterval, setInterval } from 'node:timers';
import type { ListeningAddress } from '../model/agent-protocol.js' with { 'resolution-mode': 'import' };

interface ListeningServer {
  listening?: boolean;
  address?: () => { address: string; port: number } | string | null;
  /** Servers of `tls`, `https` and `http2` have it when they speak TLS. */
  setSecureContext?: unknown;
}

interface ClusterAddress {
  readonly address: string | null;
  readonly port: number;
  /** 4 or 6, -1 for a UNIX socket. */
  readonly addressType: number | string;
}

const lookMs = 5;
/** How long a service may take to open the server on its port after another one, e.g. of a stand-in for what it calls. */
const waitMs = 1_000;

/**
 * Node reports no server that starts to listen, so the handles are looked through until there is one. Of a cluster, the
 * primary keeps the handle of what its workers listen on, and reports their address.
 * @param wanted port that the target was given; without one, the first server is enough
 * @returns the one on the wanted port first, then in the order in which they were found
 */
export function listeningAddresses({ port: wanted }: { readonly port?: number }): Promise<ListeningAddress[]> {
  const { _getActiveHandles, moduleLoadList } = process as unknown as {
    _getActiveHandles(): ListeningServer[];
    readonly moduleLoadList: readonly string[];
  };
  const found = new Map<number, ListeningAddress>();
  return new Promise((resolve) => {
    let looksLeft = wanted === undefined ? 0 : waitMs / lookMs;
    let stopFollowing: (() => void) | undefined;
    const followWorkers = () => {
      const cluster = require('node:cluster') as import('node:cluster').Cluster;
      const onListening = (_: unknown, { address, port, addressType }: ClusterAddress) => {
        if (Number(addressType) >= 0) found.set(port, { host: address ?? '', port, secure: false });
      };
      if (cluster.isPrimary) cluster.on('listening', onListening);
      stopFollowing = () => cluster.off('listening', onListening);
    };
    const look = () => {
      if (stopFollowing === undefined && moduleLoadList.includes('NativeModule cluster')) followWorkers();
      for (const handle of _getActiveHandles.call(process)) {
        const address = handle.listening === true ? handle.address?.() : undefined;
        if (typeof address !== 'object' || address === null) continue;
        const { address: host, port } = address;
        found.set(port, { host, port, secure: typeof handle.setSecureContext === 'function' });
      }
      if (found.size === 0) return;
      looksLeft -= 1;
      if (looksLeft >= 0 && !(wanted !== undefined && found.has(wanted))) return;
      clearInterval(timer);
      stopFollowing?.();
      const isWanted = ({ port }: ListeningAddress) => Number(port === wanted);
      resolve([...found.values()].sort((one, other) => isWanted(other) - isWanted(one)));
    };
    const timer = setInterval(look, lookMs);
    timer.unref();
  });
}
