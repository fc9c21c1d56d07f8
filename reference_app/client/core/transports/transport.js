/**
 * What the three transports have in common: each is a one-shot pipe. It delivers messages and then its end, once;
 * after `close()` it says nothing any more. To try again is not its business.
 *
 * @typedef {object} End
 * @property {string} reason `done`: the answer is complete; `closed`: by the server; `lost`: by the network; `refused`:
 *   not what was asked for; `status`: an HTTP error
 * @property {number} [code] WebSocket close code
 * @property {string} [text] what the server said with it
 * @property {number} [status] HTTP status
 * @property {string | null} [retryAfter] the header
 *
 * @typedef {object} On
 * @property {(data: unknown) => void} message
 * @property {(end: End) => void} close
 *
 * @typedef {{close: () => void, send?: (data: string) => void}} Pipe
 *
 * @typedef {object} Transport
 * @property {(scope: Partial<Pick<typeof globalThis, 'WebSocket' | 'EventSource'>>) => boolean} isSupported
 * @property {(url: string, on: On) => Pipe} open `url` is absolute, http or https
 */

import { eventsource } from './eventsource.js';
import { polling } from './polling.js';
import { websocket } from './websocket.js';

/** @type {Readonly<Record<import('../ladder.js').Rung, Transport>>} */
export const TRANSPORTS = { websocket, eventsource, polling };
