/**
 * @import { On, Pipe, Transport } from './transport.js'
 */

/**
 * One request with its answer.
 *
 * @type {Transport}
 */
export const polling = {
  isSupported: () => true,
  open: (url, on) => request(url, {}, on),
};

/**
 * A command as a request of its own. What the server says of a refused one is delivered as well.
 *
 * @param {string} url
 * @param {{id: string, body: string}} command
 * @param {On} on
 * @returns {Pipe}
 */
export function post(url, { id, body }, on) {
  const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': id };
  return request(url, { method: 'POST', headers, body }, on);
}

/**
 * @param {string} url
 * @param {RequestInit} init
 * @param {On} on
 * @returns {Pipe}
 */
function request(url, init, on) {
  const controller = new AbortController();
  perform(url, { ...init, cache: 'no-store', signal: controller.signal }, on, controller.signal);
  return { close: () => controller.abort() };
}

/**
 * @param {string} url
 * @param {RequestInit} init
 * @param {On} on
 * @param {AbortSignal} signal
 */
async function perform(url, init, on, signal) {
  try {
    const response = await fetch(url, init);
    const text = await response.text();
    if (signal.aborted) return;
    if (response.ok || init.method === 'POST') on.message(text);
    if (!signal.aborted) on.close(endOf(response));
  } catch {
    // fetch tells of every failure of the network by a TypeError without details
    if (!signal.aborted) on.close({ reason: 'lost' });
  }
}

/**
 * @param {Response} response
 * @returns {import('./transport.js').End}
 */
function endOf({ ok, status, headers }) {
  if (ok) return { reason: 'done', status };
  return { reason: 'status', status, retryAfter: headers.get('Retry-After') };
}
