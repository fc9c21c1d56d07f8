/**
 * Something is missing: ask once, keep what comes meanwhile, and close the gap.
 *
 * @import { News } from './envelope.js'
 * @import { Catchup } from './state.js'
 * @import { Turn } from './turn.js'
 */

import { since } from './cursor.js';
import { drop } from './falling_back.js';

/**
 * @param {Turn} turn
 * @param {string} why
 * @param {{event?: News, whole?: boolean}} [found] event: one from beyond the gap; whole: what is shown is
 *   wrong, so that only a snapshot helps
 */
export function openGap(turn, why, { event, whole = false } = {}) {
  const { state, now } = turn;
  if (state.link === null) return;
  const fresh = state.catchup === null;
  const { buffer, ...gap } = state.catchup ?? { buffer: [], whole: false, asks: 0, request: null };
  const room = event !== undefined && buffer.length < state.options.bufferLimit;
  state.catchup = { ...gap, whole: gap.whole || whole, buffer: room ? [...buffer, event] : buffer };
  if (!fresh) return;
  state.doubtSince ??= now;
  turn.count('gaps_total');
  turn.trace('gap', { why });
  const wait = state.caughtUpAt + state.options.resyncEvery - now;
  if (wait > 0) turn.after('catchup', wait);
  else catchUp(turn);
}

/**
 * Asks for what is missing; asks again until it is there or the link has proved useless.
 *
 * @param {Turn} turn
 */
export function catchUp(turn) {
  const { state, now } = turn;
  const { catchup, link, options } = state;
  if (catchup === null || link === null) return;
  if (catchup.asks >= options.resyncTries) return drop(turn, 'gap');
  turn.say('resyncing', { since: since(state.cursor) });
  turn.count('resyncs_total');
  state.caughtUpAt = now;
  state.catchup = { ...catchup, asks: catchup.asks + 1, request: ask(turn, catchup) };
  turn.after('catchup', options.resyncEvery * 2 ** catchup.asks);
}

/**
 * Each rung has its own way: a message, a request beside the stream, or the next poll.
 *
 * @param {Turn} turn
 * @param {Catchup} catchup
 */
function ask(turn, { whole, request }) {
  const { state, now } = turn;
  turn.close(request);
  if (state.link?.rung === 'websocket') {
    turn.send(state.link, { kind: 'resync', since: (whole ? null : since(state.cursor)) ?? '' });
  }
  if (state.link?.rung !== 'eventsource' || now < state.pausedUntil) return null;
  const { generation, askedAt } = turn.open('polling', 'resync', { whole });
  return { generation, askedAt };
}

/**
 * The next event that was kept and now fits, if any.
 *
 * @param {Turn} turn
 * @returns {News | undefined}
 */
export function nextKept({ state }) {
  const { epoch, seq } = state.cursor;
  return state.catchup?.buffer.find((event) => event.epoch === epoch && event.seq === seq + 1);
}

/**
 * Nothing is missing any more. What is still kept was made up or will show as a gap again.
 *
 * @param {Turn} turn
 */
export function closeGap(turn) {
  const { state } = turn;
  if (state.catchup !== null) turn.close(state.catchup.request);
  state.catchup = null;
  state.doubtSince = null;
  turn.cancel('catchup');
}
