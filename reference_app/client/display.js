/**
 * What the page shows at an instant: the client's state put into values and words. Pure.
 *
 * @import { State } from './core/state.js'
 * @import { Shown } from './store.js'
 * @import { EventBody } from './messages.js'
 * @import { Language } from './language.js'
 */

import { displayedOffset } from './core/clock.js';
import { NAMES } from './core/ladder.js';
import { freshness, staleFrom } from './core/liveness.js';
import { languageOf } from './language.js';
import { stopWords } from './reasons.js';
import { summary } from './summary.js';
import { EXPIRY_GRACE, remaining } from './time_left.js';

const TONES = { live: 'good', connecting: 'warn', closed: 'warn', terminal: 'bad' };

/**
 * @param {State<Shown>} state
 * @param {number} now ms of the client's clock
 * @param {Language} [language] of the reader
 */
export function display(state, now, language = languageOf([])) {
  const { cursor, confirmedAt, connection, shown } = state;
  const remainingMs = shownRemaining(state, now);
  const phase = shownPhase(state, now);
  const live = state.link?.liveSince != null;
  return {
    phase,
    phaseWords: language.say(cursor.epoch === null ? 'waiting' : phase),
    remainingMs,
    remainingText: minutesAndSeconds(remainingMs),
    freshness: freshness({ now, ...state }, state.options),
    ageMs: confirmedAt === null ? null : Math.max(0, Math.round(now - confirmedAt)),
    transport: live && state.link ? state.link.rung : 'none',
    connection: connection === 'closed' ? 'connecting' : connection,
    connectionWords: connectionWords(state, language),
    tone: TONES[connection],
    staleWords: staleWords(state, now, language),
    epoch: cursor.epoch ?? '',
    seq: cursor.seq,
    game: shown.game,
    events: shown.events,
    commands: state.commands,
    terminal: state.terminal === null ? null : stopWords(state.terminal, language),
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

/**
 * @param {State<Shown>} state
 * @param {Language} language
 */
function connectionWords({ connection, rung, confirmedAt }, language) {
  if (connection === 'terminal') return language.say('terminal');
  if (connection === 'live') return language.say('live', { name: NAMES[rung] });
  return language.say(confirmedAt === null ? 'connecting' : 'reconnecting');
}

/**
 * @param {State<Shown>} state
 * @param {number} now
 * @param {Language} language
 */
function staleWords(state, now, language) {
  return state.confirmedAt === null ? '' : language.say(freshness({ now, ...state }, state.options));
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
 * @param {Language} language
 */
export function eventWords({ name, timer, game, text }, language) {
  const time = timer === undefined ? '' : minutesAndSeconds(timer.remaining_ms ?? timer.duration_ms);
  switch (name) {
    case 'started':
    case 'resumed':
    case 'adjusted':
    case 'expired': return language.say(`event_${name}`);
    case 'paused':
    case 'reset': return language.say(`event_${name}`, { time });
    case 'round_started': return language.say('event_round_started', { round: game?.round ?? '' });
    case 'scored': return scoreWords(game?.score ?? {}, language);
    default: return text ?? name;
  }
}

/**
 * @param {{home?: number, away?: number}} score
 * @param {Language} language
 */
function scoreWords({ home, away }, language) {
  const key = home === undefined ? 'event_away_scored' : 'event_home_scored';
  return language.say(key, { points: home ?? away ?? '' });
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
