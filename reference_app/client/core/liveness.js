/**
 * What the age of the last message says about the data on the page.
 *
 * @typedef {'fresh' | 'stale' | 'offline'} Freshness
 */

/**
 * How far the shown data may be trusted.
 *
 * @param {{now: number, confirmedAt: number | null, doubtSince: number | null}} seen ms of one clock; `confirmedAt` is
 *   when a message last agreed with what is shown, `doubtSince` when one first showed that something is missing
 * @param {{staleAfter: number, doubtAfter: number, liveness: number}} limits ms
 * @returns {Freshness}
 */
export function freshness({ now, confirmedAt, doubtSince }, limits) {
  if (confirmedAt === null || now - confirmedAt > limits.liveness) return 'offline';
  return now > staleFrom({ confirmedAt, doubtSince }, limits) ? 'stale' : 'fresh';
}

/**
 * The instant from which data counts as stale, if nothing confirms it before.
 *
 * @param {{confirmedAt: number, doubtSince: number | null}} seen
 * @param {{staleAfter: number, doubtAfter: number}} limits ms
 */
export function staleFrom({ confirmedAt, doubtSince }, { staleAfter, doubtAfter }) {
  const doubted = doubtSince === null ? Infinity : doubtSince + doubtAfter;
  return Math.min(confirmedAt + staleAfter, doubted);
}

/**
 * Whether a timer that judges silence may be believed. One that fires late proves that the page was held up, and then
 * the messages were held up with it: they come in first, and the silence is judged after that.
 *
 * @param {{now: number, due: number}} fired ms of one clock
 * @param {{lateBy: number}} limits ms
 */
export function heldUp({ now, due }, { lateBy }) {
  return now - due > lateBy;
}
