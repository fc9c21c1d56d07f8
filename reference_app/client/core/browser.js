/**
 * The browser as the world of the client. Whoever has another world (a test, node) puts it together alike.
 *
 * @import { World } from './runtime.js'
 */

import { RUNGS } from './ladder.js';
import { post } from './transports/polling.js';
import { TRANSPORTS } from './transports/transport.js';

/** @type {World} */
export const BROWSER = {
  now: () => performance.timeOrigin + performance.now(),
  unixNow: Date.now,
  random: Math.random,
  // called on nothing: a browser's own functions refuse another `this`
  setTimeout: (callback, ms) => globalThis.setTimeout(callback, ms),
  clearTimeout: (handle) => globalThis.clearTimeout(handle),
  transports: TRANSPORTS,
  post,
};

/** The rungs that this browser has. */
export const supported = () => RUNGS.filter((rung) => TRANSPORTS[rung].isSupported(globalThis));

/** An id that needs no secure context, unlike `crypto.randomUUID`. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
