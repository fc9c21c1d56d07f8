/**
 * The rungs, best first, and where each way of failing or succeeding leads.
 *
 * A better rung is looked for straight at the top and then one rung down, taking turns: climbing rung by rung would
 * hand the reader over twice, and would never reach a WebSocket that works above an EventSource that doesn't.
 *
 * @typedef {'websocket' | 'eventsource' | 'polling'} Rung
 */

/** @type {readonly Rung[]} */
export const RUNGS = ['websocket', 'eventsource', 'polling'];

/** @type {Readonly<Record<Rung, string>>} */
export const NAMES = { websocket: 'WebSocket', eventsource: 'EventSource', polling: 'HTTP polling' };

/**
 * `spent`: the rung's budget of failures is used up although the network is there. From the last rung this means that
 * nothing works, so the next try starts from the top.
 *
 * @type {Readonly<Record<Rung, {spent: Rung}>>}
 */
export const TRANSITIONS = {
  websocket: { spent: 'eventsource' },
  eventsource: { spent: 'polling' },
  polling: { spent: 'websocket' },
};

/**
 * The rung to go to when one is spent, passing over those that the browser does not have.
 *
 * @param {Rung} rung
 * @param {readonly Rung[]} supported never empty
 * @returns {Rung}
 */
export function afterSpent(rung, supported) {
  const next = TRANSITIONS[rung].spent;
  return supported.includes(next) ? next : afterSpent(next, supported);
}

/**
 * @param {Rung} a
 * @param {Rung} b
 */
export function isBetter(a, b) {
  return RUNGS.indexOf(a) < RUNGS.indexOf(b);
}

/**
 * The better rungs, best first.
 *
 * @param {Rung} rung
 * @param {readonly Rung[]} supported
 * @returns {Rung[]}
 */
export function above(rung, supported) {
  return supported.filter((other) => isBetter(other, rung));
}
