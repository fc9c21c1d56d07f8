/**
 * How long to wait before the next attempt.
 */

const LARGEST_EXPONENT = 30; // 2^31 ms would overflow a browser's timer, which then fires at once

/**
 * Exponential back-off with full jitter: uniform in [floor, floor + window).
 *
 * @param {number} failures failures in a row before this attempt, 0 for the first retry
 * @param {number} random in [0, 1), drawn anew for every attempt
 * @param {{base: number, cap: number, floor: number}} times in ms
 * @param {number} [spread] widens the window to at least this many ms (the server let many clients go at once)
 * @returns {number} ms
 */
export function delay(failures, random, { base, cap, floor }, spread = 0) {
  const backoff = Math.min(cap, base * 2 ** Math.min(failures, LARGEST_EXPONENT));
  return floor + random * Math.max(spread, backoff);
}

/**
 * A round of clients that the server let go at one instant: each comes back once in it.
 *
 * @typedef {{spread: number, until: number}} Round `spread`: the least width in ms; `until`: its end, local ms
 */

/**
 * The next round begins where the last one ends. If the server is not back yet, those that came early would otherwise
 * come again among those that are still to come, and it would be met by a crowd as soon as it is there.
 *
 * @param {Round} last
 * @param {number} now local ms
 * @param {number} failures as of `delay`
 * @param {{base: number, cap: number, floor: number}} times in ms
 * @returns {{wait: number, round: Round}} `wait`: ms until it begins, none where that would exceed the cap: by then the
 *   windows are wide enough
 */
export function nextRound({ spread, until }, now, failures, times) {
  const width = delay(failures, 1, times, spread);
  const left = Math.max(0, until - now);
  const wait = left + width <= times.cap + times.floor ? left : 0;
  return { wait, round: { spread, until: now + wait + width } };
}

/**
 * Time until the next look at a better rung: doubled after each vain round, and jittered by a quarter.
 *
 * @param {number} round rounds looked in vain so far
 * @param {number} random in [0, 1)
 * @param {{probeEvery: number, probeMax: number}} times in ms
 * @param {number} betterRungs how many rungs take turns: each is still seen once per `probeMax`
 * @returns {number} ms
 */
export function probeDelay(round, random, { probeEvery, probeMax }, betterRungs) {
  const grown = probeEvery * 2 ** Math.min(round, LARGEST_EXPONENT);
  return Math.min(grown, probeMax / betterRungs) * (0.75 + random / 2);
}
