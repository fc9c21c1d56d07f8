/**
 * What a WebSocket close code (RFC 6455, section 7.4) means for the next attempt. The one place that knows codes.
 *
 * @typedef {object} CodePolicy
 * @property {'retry' | 'spread' | 'blame' | 'terminal'} then
 *   retry: like any lost link; spread: the server let everybody go, so come back spread out;
 *   blame: a failure of this transport however long it lived; terminal: no further attempt
 * @property {string} [message] what the page tells its reader
 */

/** @type {Readonly<Record<number, CodePolicy>>} */
const POLICIES = {
  1000: { then: 'spread' },
  1001: { then: 'spread' },
  1002: { then: 'blame' },
  1003: { then: 'blame' },
  1007: { then: 'blame' },
  1009: { then: 'blame' },
  1012: { then: 'spread' },
  1013: { then: 'spread' },
  4400: { then: 'terminal', message: 'The server could not make sense of this page. Reload it.' },
  4401: { then: 'terminal', message: 'You are not signed in any more. Sign in and reload the page.' },
  4403: { then: 'terminal', message: 'You are not allowed to see this timer.' },
  4410: { then: 'terminal', message: 'This timer is gone for good.' },
  4429: { then: 'spread' },
};

/** What the page says when the server speaks another version of the protocol. */
export const VERSION_MESSAGE = 'The server speaks a newer language than this page. Reload the page.';

/**
 * @param {number | undefined} code
 * @returns {CodePolicy}
 */
export function policy(code) {
  return (code !== undefined && POLICIES[code]) || { then: 'retry' };
}
