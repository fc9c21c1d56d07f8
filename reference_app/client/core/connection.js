/**
 * The working link: opened, live, let go. What to do when it is lost is decided in `falling_back.js`.
 *
 * @import { Connection, Link, State } from './state.js'
 * @import { Turn } from './turn.js'
 */

import { delay, nextRound } from './backoff.js';
import { giveUpAll } from './commands.js';
import { reopened } from './cursor.js';
import { isBetter } from './ladder.js';

/** @param {Turn} turn */
export function connect(turn) {
  const { state, now } = turn;
  if (now < state.pausedUntil) return plan(turn, state.pausedUntil - now);
  if (state.probe !== null && !isBetter(state.probe.rung, state.rung)) abandon(turn, 'probe');
  turn.cancel('retry');
  setConnection(turn, 'connecting');
  state.cursor = reopened(state.cursor);
  state.link = turn.open(state.rung, 'live');
  turn.after('connect', state.rung === 'polling' ? state.options.pollTimeout : state.options.connectTimeout);
}

/**
 * The next poll of a link that polls: the link stays, the generation is new.
 *
 * @param {Turn} turn
 */
export function poll(turn) {
  const { state, now } = turn;
  if (state.link === null) return;
  if (now < state.pausedUntil) return turn.after('poll', state.pausedUntil - now);
  const { generation, askedAt } = turn.open('polling', 'live', { whole: state.catchup?.whole === true });
  state.cursor = reopened(state.cursor);
  state.link = { ...state.link, generation, askedAt };
  turn.after('connect', state.options.pollTimeout);
}

/**
 * Plans the next attempt.
 *
 * @param {Turn} turn
 * @param {number} [spread] ms; many clients were let go at once, and come back over at least this time
 */
export function retry(turn, spread = 0) {
  const { state, now } = turn;
  const from = Math.max(now, state.pausedUntil);
  plan(turn, from - now + turnOfRound(turn, from, spread));
}

/**
 * @param {Turn} turn
 * @param {number} begin ms until the window of the next attempt begins
 */
function plan(turn, begin) {
  const { state, now, random } = turn;
  const ms = begin + delay(retriesBefore(state), random(), state.options, state.round?.spread);
  turn.after('retry', ms);
  turn.say('retrying', { attempt: state.serial + 1, failures: state.retries, delay_ms: Math.round(ms) });
  turn.trace('planned', { rung: state.rung, n: state.retries, delay: ms, due: now + ms });
}

/**
 * How long the next attempt has to leave to those of the same round, in ms; 0 if nobody was let go together.
 *
 * @param {Turn} turn
 * @param {number} from when it could begin
 * @param {number} spread
 */
function turnOfRound({ state }, from, spread) {
  if (state.round === null && spread === 0) return 0;
  const last = { until: from, ...state.round, spread: Math.max(spread, state.round?.spread ?? 0) };
  const { wait, round } = nextRound(last, from, retriesBefore(state), state.options);
  state.round = round;
  return wait;
}

/** @param {State} state */
function retriesBefore({ retries }) {
  return Math.max(0, retries - 1);
}

/**
 * The link has delivered its first valid message.
 *
 * @param {Turn} turn
 * @param {Link} link
 */
export function becomeLive(turn, link) {
  const { state, now } = turn;
  state.link = { ...link, liveSince: now, heardAt: now };
  state.round = null;
  countLive(turn, link);
  turn.cancel('connect', 'retry');
  turn.after('liveness', state.options.liveness);
  if (link.rung === 'websocket') turn.after('ping', 0);
  turn.say('connected', { attempt: link.generation });
  setConnection(turn, 'live');
}

/**
 * @param {Turn} turn
 * @param {Link} link
 */
function countLive(turn, { rung }) {
  const { state } = turn;
  turn.count('live_count');
  if (rung === 'eventsource') turn.count('sse_successes');
  if (state.lastLive !== null && state.lastLive !== rung) {
    turn.tally('transport_switches', `${state.lastLive}>${rung}`);
  }
  state.lastLive = rung;
}

/**
 * Lets go of the link and of all that hangs on it, without waiting for the other side.
 *
 * @param {Turn} turn
 */
export function letGo(turn) {
  const { state } = turn;
  turn.close(state.link);
  turn.close(state.catchup?.request ?? null);
  state.link = null;
  state.catchup = null;
  turn.cancel('connect', 'poll', 'liveness', 'ping', 'catchup');
}

/**
 * @param {Turn} turn
 * @param {'probe' | 'check'} what
 */
export function abandon(turn, what) {
  turn.close(turn.state[what]);
  turn.state[what] = null;
  turn.cancel(what === 'probe' ? 'probed' : 'check');
}

/**
 * Closes everything and plans nothing.
 *
 * @param {Turn} turn
 * @param {Connection} connection what it is from now on
 */
export function release(turn, connection) {
  const { state } = turn;
  letGo(turn);
  abandon(turn, 'probe');
  abandon(turn, 'check');
  for (const { post } of state.commands) turn.close(post === null ? null : { generation: post });
  state.commands = state.commands.map((command) => ({ ...command, post: null }));
  turn.cancel('retry', 'probe', 'wake', 'offline', 'ack', 'expiry');
  setConnection(turn, connection);
}

/**
 * The server said something after which no attempt can succeed.
 *
 * @param {Turn} turn
 * @param {string} why a close code, or `version`
 */
export function terminate(turn, why) {
  turn.say('stopped', { why });
  turn.state.terminal = why;
  release(turn, 'terminal');
  giveUpAll(turn);
}

/**
 * @param {Turn} turn
 * @param {Connection} connection
 */
export function setConnection(turn, connection) {
  if (turn.state.connection === connection) return;
  turn.state.connection = connection;
  turn.trace('connection', { connection, rung: turn.state.rung });
}
