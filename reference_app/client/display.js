/**
 * What the page shows at an instant: the client's state put into values and words. Pure.
 *
 * @import { State } from './core/state.js'
 * @import { Shown } from './store.js'
 * @import { EventBody } from './messages.js'
 */

import { ENDINGS } from './console_lines.js';
import { displayedOffset } from './core/clock.js';
import { NAMES } from './core/ladder.js';
import { freshness, staleFrom } from './core/liveness.js';
import { summary } from './summary.js';
import { EXPIRY_GRACE, remaining } from './time_left.js';

const TONES = { live: 'good', connecting: 'warn', closed: 'warn', terminal: 'bad' };
const PHASES = { idle: 'Ready to start', running: 'Running', paused: 'Paused', expired: 'Time is up' };

/**
 * @param {State<Shown>} state
 * @param {number} now ms of the client's clock
 */
export function display(state, now) {
  const { cursor, confirmedAt, connection, shown } = state;
  const remainingMs = shownRemaining(state, now);
  const phase = shownPhase(state, now);
  const live = state.link?.liveSince != null;
  return {
    phase,
    phaseWords: cursor.epoch === null ? 'Waiting for the timer' : PHASES[phase],
    remainingMs,
    remainingText: minutesAndSeconds(remainingMs),
    freshness: freshness({ now, ...state }, state.options),
    ageMs: confirmedAt === null ? null : Math.max(0, Math.round(now - confirmedAt)),
    transport: live && state.link ? state.link.rung : 'none',
    connection: connection === 'closed' ? 'connecting' : connection,
    connectionWords: connectionWords(state),
    tone: TONES[connection],
    staleWords: staleWords(state, now),
    epoch: cursor.epoch ?? '',
    seq: cursor.seq,
    game: shown.game,
    events: shown.events,
    commands: state.commands,
    terminal: state.terminal === null ? null : ENDINGS[state.terminal] ?? state.terminal,
  };
}

/**
 * @param {State<Shown>} state
 * @param {number} now
 */
function shownRemaining({ shown, clock }, now) {
  const left = remaining(shown.timer, now + displayedOffset(clock, now));
  return Math.ceil(Math.min(left, shown.timer.duration_ms));
}

/**
 * The server says when a timer has expired; only if it keeps silent past the deadline does the page say so itself.
 *
 * @param {State<Shown>} state
 * @param {number} now
 */
function shownPhase({ shown, clock }, now) {
  const { phase, deadline_ms: deadline } = shown.timer;
  const over = phase === 'running' && deadline !== undefined
    && now + displayedOffset(clock, now) > deadline + EXPIRY_GRACE;
  return over ? 'expired' : phase;
}

/** @param {State<Shown>} state */
function connectionWords({ connection, rung, confirmedAt }) {
  if (connection === 'terminal') return 'Not connected';
  if (connection === 'live') return `Live over ${NAMES[rung]}`;
  return confirmedAt === null ? 'Connecting …' : 'Connection lost, trying again …';
}

/**
 * @param {State<Shown>} state
 * @param {number} now
 */
function staleWords(state, now) {
  if (state.confirmedAt === null) return '';
  const age = freshness({ now, ...state }, state.options);
  return { fresh: '', stale: 'Not up to date: this may be wrong', offline: 'Out of date: this may be wrong' }[age];
}

/**
 * `mm:ss`, in seconds begun: 00:00 means that nothing is left.
 *
 * @param {number} ms
 */
export function minutesAndSeconds(ms) {
  const seconds = Math.ceil(ms / 1000);
  const parts = [Math.floor(seconds / 60), seconds % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

/**
 * An event in words.
 *
 * @param {EventBody} event
 */
export function eventWords({ name, timer, game, text }) {
  const length = timer === undefined ? '' : minutesAndSeconds(timer.remaining_ms ?? timer.duration_ms);
  switch (name) {
    case 'started': return 'Started';
    case 'paused': return `Paused at ${length}`;
    case 'resumed': return 'Resumed';
    case 'adjusted': return 'Time adjusted';
    case 'reset': return `Reset to ${length}`;
    case 'expired': return 'Time is up';
    case 'round_started': return `Round ${game?.round} began`;
    case 'scored': return scoreWords(game?.score ?? {});
    default: return text ?? name;
  }
}

/** @param {{home?: number, away?: number}} score */
function scoreWords({ home, away }) {
  return home === undefined ? `Away scored: ${away}` : `Home scored: ${home}`;
}

/**
 * The published figures, with a stale time that still goes on.
 *
 * @param {State<Shown>} state
 * @param {number} now
 */
export function figures({ metrics, confirmedAt, doubtSince, options }, now) {
  const ongoing = confirmedAt === null ? 0 : Math.max(0, now - staleFrom({ confirmedAt, doubtSince }, options));
  return summary({ ...metrics, stale_ms_total: metrics.stale_ms_total + ongoing });
}
