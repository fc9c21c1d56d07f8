/**
 * What a WebSocket close code (RFC 6455, section 7.4) means for the next attempt. The one place that knows codes.
 *
 * @typedef {'retry' | 'spread' | 'blame' | 'terminal'} CodePolicy
 *   retry: like any lost link; spread: the server let everybody go, so come back spread out;
 *   blame: a failure of this transport however long it lived; terminal: no further attempt
 */

/** What was sent last does not fit into a message of this transport: it goes by a request instead. */
export const TOO_BIG = 1009;

/** @type {Readonly<Record<number, CodePolicy>>} */
const POLICIES = {
  1000: 'spread',
  1001: 'spread',
  1002: 'blame',
  1003: 'blame',
  1007: 'blame',
  [TOO_BIG]: 'blame',
  1012: 'spread',
  1013: 'spread',
  4400: 'terminal',
  4401: 'terminal',
  4403: 'terminal',
  4410: 'terminal',
  4429: 'spread',
};

/**
 * @param {number | undefined} code
 * @returns {CodePolicy}
 */
export function policy(code) {
  return (code !== undefined && POLICIES[code]) || 'retry';
}
