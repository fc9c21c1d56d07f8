/**
 * What the page shows, folded from snapshots and events. Whether a message may be applied is the cursor's business.
 *
 * @import { EventBody, EventMessage, Game, GameChange, Snapshot, Timer } from './messages.js'
 *
 * @typedef {{timer: Timer, game: Game, events: readonly EventBody[]}} Shown events oldest first
 */

const EVENTS_KEPT = 200;

/** @type {Shown} */
export const NOTHING = {
  timer: { phase: 'idle', duration_ms: 0, remaining_ms: 0 },
  game: { round: 0, score: { home: 0, away: 0 } },
  events: [],
};

/**
 * @param {Shown} shown
 * @param {Snapshot | EventMessage} message
 * @param {number} [limit] events kept
 * @returns {Shown}
 */
export function fold(shown, message, limit = EVENTS_KEPT) {
  if (message.kind === 'snapshot') {
    return { timer: message.timer, game: message.game, events: message.events.slice(-limit) };
  }
  return {
    timer: message.timer ?? shown.timer,
    game: changed(shown.game, message.game),
    events: [...shown.events, message].slice(-limit),
  };
}

/**
 * @param {Game} game
 * @param {GameChange | null | undefined} change
 * @returns {Game}
 */
function changed(game, change) {
  const { home, away } = change?.score ?? {};
  return {
    round: change?.round ?? game.round,
    score: { home: home ?? game.score.home, away: away ?? game.score.away },
  };
}

/**
 * Whether two timers say the same.
 *
 * @param {Timer} a
 * @param {Timer} b
 */
export function sameTimer(a, b) {
  const names = /** @type {const} */ (['phase', 'duration_ms', 'remaining_ms', 'deadline_ms']);
  return names.every((name) => (a[name] ?? null) === (b[name] ?? null));
}
