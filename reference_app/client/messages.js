/**
 * What the timer's messages hold beside the envelope. Fields that are not known here are let through and ignored.
 *
 * @import { Bodies, Envelope } from './core/envelope.js'
 *
 * @typedef {'idle' | 'running' | 'paused' | 'expired'} Phase
 * @typedef {{phase: Phase, duration_ms: number, remaining_ms?: number, deadline_ms?: number}} Timer
 * @typedef {{round: number, score: {home: number, away: number}}} Game
 * @typedef {{round?: number, score?: {home?: number, away?: number}}} GameChange
 * @typedef {{seq: number, name: string, at_ms: number, timer?: Timer, game?: GameChange, text?: string}} EventBody
 *
 * @typedef {Envelope & {kind: 'snapshot', timer: Timer, game: Game, events: EventBody[], oldest_seq: number}} Snapshot
 * @typedef {Envelope & EventBody & {kind: 'event'}} EventMessage
 * @typedef {Envelope & {kind: 'tick', timer: Timer}} Tick
 */

import { all, holds, integer, list, object, oneOf, optional, string } from './core/checks.js';

const LATEST_DATE = 8.64e15; // ms, the last instant that a JavaScript date can hold
const LONGEST_TIMER = 100 * 3_600_000; // ms
const LARGEST_COUNT = 1e9;

const count = integer(0, Number.MAX_SAFE_INTEGER);
const instant = integer(0, LATEST_DATE);
const duration = integer(0, LONGEST_TIMER);
const points = integer(-LARGEST_COUNT, LARGEST_COUNT);

const timer = all(
  object({
    phase: oneOf('idle', 'running', 'paused', 'expired'),
    duration_ms: duration,
    remaining_ms: optional(duration),
    deadline_ms: optional(instant),
  }),
  // a running timer is a deadline, any other a rest
  holds((timer) => (timer.phase === 'running' ? 'deadline_ms' in timer : timer.remaining_ms <= timer.duration_ms)),
);
const game = object({ round: count, score: object({ home: points, away: points }) });
const gameChange = object({
  round: optional(count),
  score: optional(object({ home: optional(points), away: optional(points) })),
});

/** @type {Readonly<Record<string, (body: EventBody) => unknown>>} what an event of that name can't do without */
const CHANGES = {
  started: (body) => body.timer,
  paused: (body) => body.timer,
  resumed: (body) => body.timer,
  adjusted: (body) => body.timer,
  reset: (body) => body.timer,
  expired: (body) => body.timer,
  round_started: (body) => body.game?.round,
  scored: (body) => body.game?.score?.home ?? body.game?.score?.away,
  noted: (body) => body.text,
};
const event = all(
  object({
    seq: integer(1, Number.MAX_SAFE_INTEGER),
    name: oneOf(...Object.keys(CHANGES)),
    at_ms: instant,
    timer: optional(timer),
    game: optional(gameChange),
    text: optional(string()),
  }),
  holds((body) => CHANGES[body.name]?.(body) !== undefined),
);

/** The list has no holes and ends where the snapshot says. */
const consecutive = holds(({ seq, events }) =>
  events.every((/** @type {EventBody} */ body, /** @type {number} */ i) => body.seq === seq - events.length + 1 + i),
);

/** @type {Bodies} */
export const BODIES = {
  snapshot: all(object({ timer, game, events: list(event), oldest_seq: count }), consecutive),
  event,
  tick: object({ timer }),
};
