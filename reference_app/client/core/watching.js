/**
 * Noticing that a link which looks open is not: by the age of what it delivered, and when the browser wakes up.
 *
 * @import { Turn } from './turn.js'
 */

import { withRoundTrip } from './clock.js';
import { connect, letGo } from './connection.js';
import { drop } from './falling_back.js';

/** @param {Turn} turn */
export function checkPulse(turn) {
  const { state, now } = turn;
  if (state.link === null) return;
  const left = state.link.heardAt + state.options.liveness - now;
  if (left > 0) turn.after('liveness', left);
  else drop(turn, 'silent');
}

/**
 * The browser woke up: a planned attempt is made now, and a link with nothing recent to show is replaced.
 *
 * @param {Turn} turn
 */
export function wake(turn) {
  const { link, check, options } = turn.state;
  if (link === null && check === null) connect(turn);
  else replaceSilent(turn, link?.liveSince === null ? options.onlineSpread : options.staleAfter);
}

/**
 * @param {Turn} turn
 * @param {number} limit ms of silence
 */
export function replaceSilent(turn, limit) {
  const { link } = turn.state;
  if (link === null || turn.now - link.heardAt <= limit) return;
  turn.trace('replaced', { silent_ms: turn.now - link.heardAt });
  letGo(turn);
  connect(turn);
}

/**
 * Asks the server for its time.
 *
 * @param {Turn} turn
 */
export function ping(turn) {
  const { state, now } = turn;
  const { link } = state;
  if (link === null || link.rung !== 'websocket') return;
  const echo = state.tokens + 1;
  state.link = { ...link, ping: { echo, sentAt: now } };
  turn.send(link, { kind: 'ping', echo });
  turn.after('ping', state.options.pingEvery);
}

/**
 * @param {Turn} turn
 * @param {{echo: unknown, server_ms: number}} pong
 */
export function ponged({ state, now }, { echo, server_ms: serverMs }) {
  const sent = state.link?.ping;
  if (!state.link || !sent || sent.echo !== echo) return;
  state.clock = withRoundTrip(state.clock, { sentAt: sent.sentAt, receivedAt: now, serverMs });
  state.link = { ...state.link, ping: null };
}
