/**
 * The loop of the client: `step(state, input, env) -> {state, effects}`. Pure: it knows neither timers nor sockets nor
 * the page; `runtime.js` performs the effects and feeds back what comes of them.
 *
 * Every connection has a generation, every timer a token. Input that bears any but a present one is ignored, so that
 * a late word of something already given up changes nothing.
 *
 * @import { App, Closed, Effect, Input, State, TimerName } from './state.js'
 */

import { catchUp } from './catching_up.js';
import { probe, probeFailed } from './climbing.js';
import { expire, issue, overdue, postClosed } from './commands.js';
import { connect, poll, release } from './connection.js';
import { drop, examined, linkClosed } from './falling_back.js';
import { heldUp } from './liveness.js';
import { fromCatchUp, fromCheck, fromLink, fromPost } from './reception.js';
import { Turn } from './turn.js';
import { checkPulse, ping, replaceSilent, wake } from './watching.js';

/**
 * @param {State} state not changed
 * @param {Input} input
 * @param {{app: App, now: number, random: () => number}} env `now` in ms of a clock that never goes back; `random` in
 *   [0, 1)
 * @returns {{state: State, effects: readonly Effect[]}}
 */
export function step(state, input, env) {
  const turn = new Turn(state, env);
  if (input.type === 'timer') fired(turn, input);
  else if (input.type === 'received') received(turn, input);
  else if (input.type === 'closed') closed(turn, input);
  else if (input.type === 'command') issue(turn, input);
  else SIGNALS[input.type](turn);
  return { state: turn.state, effects: turn.effects };
}

/** @type {Readonly<Record<import('./state.js').Signal, (turn: Turn) => void>>} */
const SIGNALS = {
  start(turn) {
    if (turn.state.connection !== 'closed') return;
    turn.say('starting');
    connect(turn);
  },
  stop(turn) {
    if (turn.state.connection !== 'terminal') release(turn, 'closed');
  },
  visible(turn) {
    turn.state.hidden = false;
    if (isOn(turn)) turn.after('wake', turn.state.options.settle);
  },
  hidden(turn) {
    turn.state.hidden = true;
  },
  online(turn) {
    const { check, link, options } = turn.state;
    turn.state.retries = 0;
    // What failed did so without a network: that the check gets through now is no sign against the transport.
    if (check !== null) examined(turn, false);
    if (isOn(turn)) turn.after('wake', link === null ? turn.random() * options.onlineSpread : options.settle);
  },
  offline(turn) {
    if (isOn(turn)) turn.after('offline', turn.state.options.offlineGrace);
  },
};

/** @type {Readonly<Record<TimerName, (turn: Turn) => void>>} */
const TIMERS = {
  retry: connect,
  poll,
  connect: (turn) => drop(turn, 'timeout'),
  liveness: checkPulse,
  wake,
  offline: (turn) => replaceSilent(turn, turn.state.options.offlineGrace),
  check: (turn) => examined(turn, false),
  probe,
  probed: (turn) => probeFailed(turn, 'timeout'),
  ping,
  catchup: catchUp,
  ack: overdue,
  expiry: expire,
};

/** @type {readonly TimerName[]} timers that take silence for an answer */
const JUDGING = ['connect', 'liveness', 'wake', 'offline', 'check', 'probed', 'catchup', 'ack'];

/**
 * @param {Turn} turn
 * @param {{name: TimerName, token: number}} timer
 */
function fired(turn, { name, token }) {
  const { state, now } = turn;
  const timer = state.timers[name];
  if (timer?.token !== token) return;
  const { [name]: _, ...left } = state.timers;
  state.timers = left;
  const late = JUDGING.includes(name) && heldUp({ now, due: timer.due }, state.options);
  if (late) turn.after(name, state.options.settle);
  else TIMERS[name](turn);
}

/**
 * @param {Turn} turn
 * @param {{generation: number, data: unknown}} input
 */
function received(turn, { generation, data }) {
  owner(turn, generation)?.hear(data);
}

/**
 * @param {Turn} turn
 * @param {Closed} end
 */
function closed(turn, end) {
  const { state, now } = turn;
  const { generation, retryAfter = 0 } = end;
  const whose = owner(turn, generation);
  if (whose !== null && retryAfter > 0) {
    state.pausedUntil = Math.max(state.pausedUntil, now + retryAfter);
    turn.say('paused', { ms: retryAfter });
  }
  whose?.end(end);
}

/**
 * What to do with what a connection says, and about its end; null: it is nobody's any more.
 *
 * @param {Turn} turn
 * @param {number} generation
 * @returns {{hear: (data: unknown) => void, end: (end: Closed) => void} | null}
 */
function owner(turn, generation) {
  const { link, probe: candidate, check, catchup, commands } = turn.state;
  const request = catchup?.request;
  const command = commands.find(({ post }) => post === generation);
  if (link?.generation === generation) {
    return { hear: (data) => fromLink(turn, link, data), end: (end) => linkClosed(turn, link, end) };
  }
  if (candidate?.generation === generation) {
    return { hear: (data) => fromLink(turn, candidate, data), end: (end) => probeFailed(turn, end.reason, end.code) };
  }
  if (check?.generation === generation) {
    return { hear: (data) => fromCheck(turn, check, data), end: () => examined(turn, false) };
  }
  if (request?.generation === generation) {
    return { hear: (data) => fromCatchUp(turn, request, data), end: () => requestClosed(turn) };
  }
  if (command !== undefined) {
    return { hear: (data) => fromPost(turn, data), end: (end) => postClosed(turn, command, end) };
  }
  turn.trace('ignored', { reason: 'generation', generation });
  return null;
}

/**
 * The request to catch up is over; the timer asks again if the gap is still open.
 *
 * @param {Turn} turn
 */
function requestClosed({ state }) {
  if (state.catchup !== null) state.catchup = { ...state.catchup, request: null };
}

/** @param {Turn} turn */
function isOn({ state }) {
  return state.connection === 'connecting' || state.connection === 'live';
}
