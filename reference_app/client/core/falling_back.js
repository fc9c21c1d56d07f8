/**
 * The link is lost: try the same rung again, step down to the next, or wait for the network.
 *
 * @import { Rung } from './ladder.js'
 * @import { Closed, Link } from './state.js'
 * @import { Turn } from './turn.js'
 */

import { TOO_BIG, policy } from './close_codes.js';
import { overdue } from './commands.js';
import { abandon, connect, letGo, retry, setConnection, terminate } from './connection.js';
import { afterSpent } from './ladder.js';

/**
 * The transport says that the link is over.
 *
 * @param {Turn} turn
 * @param {Link} link
 * @param {Closed} end
 */
export function linkClosed(turn, link, end) {
  if (end.reason === 'done') return pollDone(turn, link);
  const { code, status, reason } = end;
  const then = policy(code);
  if (then === 'terminal') {
    lost(turn, link, reason);
    return terminate(turn, String(code));
  }
  const spread = then === 'spread' || status === 503 || (link.rung === 'eventsource' && link.liveSince !== null);
  if (code === TOO_BIG) overdue(turn);
  drop(turn, reason, { blame: then === 'blame', spread, details: { code, status } });
}

/**
 * The normal end of a poll, if it delivered something that could be used.
 *
 * @param {Turn} turn
 * @param {Link} link
 */
function pollDone(turn, link) {
  if (link.liveSince === null || link.heardAt < link.askedAt) return drop(turn, 'useless');
  turn.cancel('connect');
  turn.after('poll', Math.max(0, link.askedAt + turn.state.options.tick - turn.now));
}

/**
 * Gives the link up, whoever ended it, and plans what comes next.
 *
 * @param {Turn} turn
 * @param {string} reason
 * @param {{blame?: boolean, spread?: boolean, details?: Record<string, unknown>}} [how] blame: a failure of the
 *   transport however long the link lived; spread: the server ended it, and not for this client alone
 */
export function drop(turn, reason, { blame = false, spread = false, details = {} } = {}) {
  const { state, now } = turn;
  const { link } = state;
  if (link === null) return;
  const lasted = !blame && link.liveSince !== null && now - link.liveSince >= state.options.minUptime;
  turn.say('failed', { reason, ...details, attempt: link.generation });
  lost(turn, link, reason);
  letGo(turn);
  count(turn, lasted);
  setConnection(turn, 'connecting');
  planNext(turn, link.spread || (spread ? state.options.spread : 0));
}

/**
 * @param {Turn} turn
 * @param {Link} link
 * @param {string} reason
 */
function lost(turn, link, reason) {
  if (link.liveSince !== null) turn.tally('stream_errors', `${link.rung}:${reason}`);
}

/**
 * A link that lasted clears the record of its rung. Losses while the page is hidden are no fault of the rung.
 *
 * @param {Turn} turn
 * @param {boolean} lasted
 */
function count({ state }, lasted) {
  const { rung, failures } = state;
  if (lasted) state.probes = 0;
  state.retries = lasted ? 0 : state.retries + 1;
  state.failures = { ...failures, [rung]: lasted ? 0 : failures[rung] + (state.hidden ? 0 : 1) };
}

/**
 * @param {Turn} turn
 * @param {number} spread
 */
function planNext(turn, spread) {
  const { rung, failures, options } = turn.state;
  if (failures[rung] < options.budgets[rung]) retry(turn, spread);
  else if (rung === 'polling') startOver(turn);
  else examine(turn, spread);
}

/**
 * The budget is spent. Is it this rung, or the network? One cheap request tells.
 *
 * @param {Turn} turn
 * @param {number} spread
 */
function examine(turn, spread) {
  const { state, now } = turn;
  if (now - state.checkedAt < state.options.checkEvery || now < state.pausedUntil) return stay(turn, spread);
  const { generation, askedAt } = turn.open('polling', 'check');
  state.check = { generation, askedAt };
  state.checkedAt = now;
  turn.after('check', state.options.pollTimeout);
}

/**
 * @param {Turn} turn
 * @param {boolean} reachable
 */
export function examined(turn, reachable) {
  const { state } = turn;
  abandon(turn, 'check');
  if (reachable) return stepTo(turn, afterSpent(state.rung, state.supported));
  turn.say('unreachable');
  stay(turn, 0);
}

/**
 * The network is to blame: the last failure does not count, so that the next one asks again.
 *
 * @param {Turn} turn
 * @param {number} spread
 */
function stay(turn, spread) {
  const { state } = turn;
  state.failures = { ...state.failures, [state.rung]: state.options.budgets[state.rung] - 1 };
  retry(turn, spread);
}

/**
 * @param {Turn} turn
 * @param {Rung} to
 */
function stepTo(turn, to) {
  const { state } = turn;
  turn.say('spent', {}, { to });
  state.rung = to;
  state.retries = 0;
  turn.say('falling_back');
  connect(turn);
}

/**
 * Nothing works down to the last rung: the network is at fault, and every rung gets a new budget.
 *
 * @param {Turn} turn
 */
function startOver(turn) {
  const { state } = turn;
  const to = afterSpent('polling', state.supported);
  if (to !== 'polling') turn.say('spent', {}, { to });
  state.rung = to;
  state.failures = { websocket: 0, eventsource: 0, polling: 0 };
  retry(turn);
}
