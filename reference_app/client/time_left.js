/**
 * What is left of a timer.
 *
 * @import { Timer } from './messages.js'
 */

/** Ms after the deadline without a word from the server, after which the page itself says that the time is up. */
export const EXPIRY_GRACE = 1_000;

/**
 * Never below 0.
 *
 * @param {Pick<Timer, 'remaining_ms' | 'deadline_ms'>} timer
 * @param {number} serverNow Unix ms
 * @returns {number} ms
 */
export function remaining(timer, serverNow) {
  if (timer.deadline_ms === undefined) return Math.max(0, timer.remaining_ms ?? 0);
  return Math.max(0, timer.deadline_ms - serverNow);
}
