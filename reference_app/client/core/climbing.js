/**
 * Back to a better rung: looked at beside the working link, which stays until the new one has delivered.
 *
 * @import { Link } from './state.js'
 * @import { Turn } from './turn.js'
 */

import { probeDelay } from './backoff.js';
import { policy } from './close_codes.js';
import { abandon, becomeLive, letGo, terminate } from './connection.js';
import { reopened } from './cursor.js';
import { above } from './ladder.js';

/** @param {Turn} turn */
export function planProbe(turn) {
  const { state, random } = turn;
  const better = above(state.rung, state.supported).length;
  if (better === 0 || state.probe !== null || state.timers['probe'] !== undefined) return;
  const round = Math.floor(state.probes / better);
  turn.after('probe', probeDelay(round, random(), state.options, better));
}

/**
 * The better rungs take turns, the top first.
 *
 * @param {Turn} turn
 */
export function probe(turn) {
  const { state, now } = turn;
  const better = above(state.rung, state.supported);
  const rung = better[state.probes % better.length];
  if (rung === undefined) return;
  const unfit = state.link === null || state.link.liveSince === null || state.hidden || now < state.pausedUntil;
  if (unfit) return planProbe(turn);
  state.probe = turn.open(rung, 'probe');
  turn.after('probed', state.options.connectTimeout);
}

/**
 * The working link is not disturbed by this, unless the server has said that it wants none.
 *
 * @param {Turn} turn
 * @param {string} reason
 * @param {number} [code] with which a WebSocket was closed
 */
export function probeFailed(turn, reason, code) {
  if (policy(code) === 'terminal') return terminate(turn, String(code));
  turn.trace('probe-failed', { rung: turn.state.probe?.rung, reason });
  abandon(turn, 'probe');
  turn.state.probes += 1;
  planProbe(turn);
}

/**
 * The probe has delivered: it is the link now. Its rung's record stays, so that a climb which does not last leads
 * straight back down.
 *
 * @param {Turn} turn
 * @param {Link} link
 */
export function climb(turn, link) {
  const { state } = turn;
  letGo(turn);
  abandon(turn, 'check');
  state.probe = null;
  turn.cancel('probed', 'probe');
  state.rung = link.rung;
  state.retries = 0;
  state.cursor = reopened(state.cursor);
  turn.count('upgrades');
  turn.say('climbed');
  becomeLive(turn, link);
}
