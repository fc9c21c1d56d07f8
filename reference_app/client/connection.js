/**
 * The life of the working link: opened, live, lost, tried again, and given up for the next rung.
 *
 * @import { Closed, Link } from './state.js'
 * @import { Turn } from './turn.js'
 */

import { delay } from './backoff.js';
import { policy } from './close_codes.js';
import { reopened } from './cursor.js';
import { afterSpent, isBetter } from './ladder.js';
import { pulse } from './liveness.js';
import { increased, tallied } from './metrics.js';

/** @param {Turn} turn */
export function connect(turn) {
  const { state, now } = turn;
  if (now < state.pausedUntil) return turn.after('retry', state.pausedUntil - now + delayOf(turn));
  if (state.probe !== null && !isBetter(state.probe.rung, state.rung)) abandonProbe(turn);
  turn.cancel('retry');
  setConnection(turn, 'connecting');
  state.cursor = reopened(state.cursor);
  state.link = turn.open(state.rung, 'live');
  countAttempt(turn, state.link);
  turn.after('connect', timeout(turn, state.link));
}

/**
 * The next poll of a link that polls; the link stays, the generation is new.
 *
 * @param {Turn} turn
 */
export function poll(turn) {
  const { state, now } = turn;
  if (state.link === null) return;
  if (now < state.pausedUntil) return turn.after('poll', state.pausedUntil - now);
  const whole = state.catchup?.whole === true;
  const { generation, askedAt } = turn.open('polling', 'live', { whole });
  state.cursor = reopened(state.cursor);
  state.link = { ...state.link, generation, askedAt };
  turn.after('connect', state.options.pollTimeout);
}

/**
 * @param {Turn} turn
 * @param {Link} link
 */
export function countAttempt(turn, link) {
  if (link.rung === 'eventsource') turn.state.metrics = increased(turn.state.metrics, 'sse_attempts');
}

/**
 * The link has delivered its first valid message.
 *
 * @param {Turn} turn
 * @param {Link} link
 */
export function becomeLive(turn, link) {
  const { state, now } = turn;
  const { lastLive } = state;
  state.link = { ...link, liveSince: now, heardAt: now };
  state.lastLive = link.rung;
  state.metrics = increased(state.metrics, 'live_count');
  if (link.rung === 'eventsource') state.metrics = increased(state.metrics, 'sse_successes');
  if (lastLive !== null && lastLive !== link.rung) {
    state.metrics = tallied(state.metrics, 'transport_switches', `${lastLive}>${link.rung}`);
  }
  turn.cancel('connect');
  turn.after('liveness', state.options.liveness);
  if (link.rung === 'websocket') turn.after('ping', 0);
  turn.say('connected', { attempt: link.generation });
  setConnection(turn, 'live');
}

/**
 * The transport says that the link is over. For a poll that is its normal end.
 *
 * @param {Turn} turn
 * @param {Link} link
 * @param {Closed} end
 */
export function linkClosed(turn, link, end) {
  if (link.rung === 'polling' && end.reason === 'done' && link.heardAt >= link.askedAt && link.liveSince !== null) {
    turn.cancel('connect');
    turn.after('poll', Math.max(0, link.askedAt + turn.state.options.tick - turn.now));
  } else {
    const { then, message } = policy(end.code);
    if (then === 'terminal') return terminate(turn, message ?? end.reason);
    drop(turn, end.reason, { ...end, blame: then === 'blame', spread: then === 'spread' || endedByServer(link, end) });
  }
}

/**
 * The end of an EventSource that worked can't be told from the server's having ended it, so it counts as that.
 *
 * @param {Link} link
 * @param {Closed} end
 */
function endedByServer(link, end) {
  return end.status === 503 || (link.rung === 'eventsource' && link.liveSince !== null);
}

/**
 * Gives the link up, whoever ended it, and plans what comes next. Never waits for the other side.
 *
 * @param {Turn} turn
 * @param {string} reason
 * @param {{blame?: boolean, spread?: boolean, code?: number, status?: number}} [how] blame: a failure of the transport
 *   however long the link lived; spread: many clients were let go at once
 */
export function drop(turn, reason, { blame = false, spread = false, ...details } = {}) {
  const { state, now } = turn;
  const { link } = state;
  if (link === null) return;
  const wasLive = link.liveSince !== null;
  const lasted = !blame && link.liveSince !== null && now - link.liveSince >= state.options.minUptime;
  turn.close(link);
  turn.say('failed', { reason, ...details, attempt: link.generation });
  if (wasLive) state.metrics = tallied(state.metrics, 'stream_errors', `${link.rung}:${reason}`);
  forgetLink(turn);
  countFailure(turn, lasted);
  setConnection(turn, 'connecting');
  const window = link.spread || (spread ? state.options.spread : 0);
  if (state.failures[state.rung] >= state.options.budgets[state.rung]) examine(turn, window);
  else retry(turn, window);
}

/** @param {Turn} turn */
export function forgetLink(turn) {
  turn.close(turn.state.catchup?.request ?? null);
  turn.state.link = null;
  turn.state.catchup = null;
  turn.cancel('connect', 'poll', 'liveness', 'ping', 'catchup');
}

/**
 * A link that lasted clears the record of its rung. Losses while the page is hidden are no fault of the rung.
 *
 * @param {Turn} turn
 * @param {boolean} lasted
 */
function countFailure(turn, lasted) {
  const { state } = turn;
  const { rung, failures } = state;
  if (lasted) state.probes = 0;
  state.retries = lasted ? 0 : state.retries + 1;
  state.failures = { ...failures, [rung]: lasted ? 0 : failures[rung] + (state.hidden ? 0 : 1) };
}

/**
 * @param {Turn} turn
 * @param {number} [spread]
 */
export function retry(turn, spread = 0) {
  const { state } = turn;
  const ms = delayOf(turn, spread);
  turn.after('retry', ms);
  turn.say('retrying', { attempt: state.serial + 1, failures: state.retries, delay_ms: Math.round(ms) });
  turn.trace('planned', { rung: state.rung, n: state.retries, delay: ms, due: turn.now + ms });
}

/**
 * @param {Turn} turn
 * @param {number} [spread]
 */
function delayOf({ state, random, now }, spread = 0) {
  const wait = delay(Math.max(0, state.retries - 1), random(), state.options, spread);
  return Math.max(0, state.pausedUntil - now) + wait;
}

/**
 * The budget is spent. Is it this rung, or the network? One cheap request tells; polling is that request itself.
 *
 * @param {Turn} turn
 * @param {number} spread
 */
function examine(turn, spread) {
  const { state, now } = turn;
  if (state.rung === 'polling') return startOver(turn);
  const tooSoon = now - state.checkedAt < state.options.checkEvery || now < state.pausedUntil;
  if (tooSoon) return stay(turn, spread);
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
  turn.close(state.check);
  turn.cancel('check');
  state.check = null;
  if (state.link !== null) return; // a better rung was found meanwhile
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
 * @param {import('./ladder.js').Rung} to
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

/**
 * Judges the link by the age of what it delivered last.
 *
 * @param {Turn} turn
 * @param {number} due when the timer should have fired
 */
export function checkPulse(turn, due) {
  const { state, now } = turn;
  if (state.link === null) return;
  const { heardAt } = state.link;
  const found = pulse({ now, due, heardAt }, state.options);
  if (found === 'alive') turn.after('liveness', heardAt + state.options.liveness - now);
  else if (found === 'held-up') turn.after('liveness', state.options.settle);
  else drop(turn, 'silent');
}

/**
 * The browser woke up: a link that has nothing recent to show is replaced at once, a planned attempt made now.
 *
 * @param {Turn} turn
 */
export function wake(turn) {
  const { state, now } = turn;
  if (state.link === null) {
    if (state.check === null && now >= state.pausedUntil) connect(turn);
  } else if (state.link.liveSince !== null && now - state.link.heardAt > state.options.staleAfter) {
    turn.trace('replaced', { age: now - state.link.heardAt });
    turn.close(state.link);
    forgetLink(turn);
    connect(turn);
  }
}

/**
 * @param {Turn} turn
 * @param {string} why for the reader of the page
 */
export function terminate(turn, why) {
  turn.say('stopped', { why });
  release(turn);
  turn.state.terminal = why;
  setConnection(turn, 'terminal');
}

/**
 * Closes everything and plans nothing.
 *
 * @param {Turn} turn
 */
export function release(turn) {
  const { state } = turn;
  turn.close(state.link);
  forgetLink(turn);
  abandonProbe(turn);
  turn.close(state.check);
  state.check = null;
  for (const { post } of state.commands) turn.close(post === null ? null : { generation: post });
  state.commands = state.commands.map((command) => ({ ...command, post: null }));
  turn.cancel('retry', 'check', 'probe', 'wake', 'ack', 'expiry');
}

/** @param {Turn} turn */
export function abandonProbe(turn) {
  turn.close(turn.state.probe);
  turn.state.probe = null;
  turn.cancel('probed');
}

/**
 * @param {Turn} turn
 * @param {import('./state.js').Connection} connection
 */
export function setConnection(turn, connection) {
  if (turn.state.connection === connection) return;
  turn.state.connection = connection;
  turn.trace('connection', { connection, rung: turn.state.rung });
}

/**
 * @param {Turn} turn
 * @param {Link} link
 */
function timeout({ state }, link) {
  return link.rung === 'polling' ? state.options.pollTimeout : state.options.connectTimeout;
}
