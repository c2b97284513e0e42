import type { SignedOperation } from './operation.js';

/** What a peer asks for, as JSON over a WebSocket. The first message must be `hello`. */
export type PeerMessage =
  | {
      readonly type: 'hello';
      readonly peer: string;
      readonly address: string;
      /** Of the challenge that the node sent, in base64url. */
      readonly signature: string;
    }
  | { readonly type: 'announce'; readonly topics: readonly string[] }
  | { readonly type: 'subscribe'; readonly topic: string }
  | { readonly type: 'unsubscribe'; readonly stream: number }
  | { readonly type: 'gossip'; readonly topic: string; readonly text: string }
  | { readonly type: 'sync'; readonly topic: string }
  | { readonly type: 'synced'; readonly topic: string }
  | { readonly type: 'publish'; readonly operation: SignedOperation }
  | { readonly type: 'delete'; readonly hash: string }
  | { readonly type: 'send'; readonly to: string; readonly text: string };

type HelloMessage = Extract<PeerMessage, { type: 'hello' }>;
export type Hello = Omit<HelloMessage, 'type'>;

/** Answers carry the number of their request; events carry none. */
export type NodeMessage =
  | { readonly challenge: string }
  | { readonly request: number; readonly answer: unknown }
  | { readonly request: number; readonly error: string }
  | { readonly topic: string; readonly text: string };
