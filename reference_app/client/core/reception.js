/**
 * What is done with a message: read, placed by the cursor, applied or not, and never thrown over.
 *
 * @import { Clock } from './clock.js'
 * @import { Message, News, Reader, Reading, Reason } from './envelope.js'
 * @import { Link, Request } from './state.js'
 * @import { Verdict } from './cursor.js'
 * @import { Turn } from './turn.js'
 */

import { closeGap, nextKept, openGap } from './catching_up.js';
import { climb, planProbe } from './climbing.js';
import { withPushed, withRoundTrip } from './clock.js';
import { answered, flush, forgotten } from './commands.js';
import { becomeLive, terminate } from './connection.js';
import { advance, judge } from './cursor.js';
import { read, readPoll } from './envelope.js';
import { drop, examined } from './falling_back.js';
import { staleFrom } from './liveness.js';
import { withLatency } from './metrics.js';
import { ponged } from './watching.js';

/**
 * From the working link, or from a probe that becomes it by this.
 *
 * @param {Turn} turn
 * @param {Link} link
 * @param {unknown} data
 */
export function fromLink(turn, link, data) {
  const { state } = turn;
  turn.say('received', { attempt: link.generation }, { rung: link.rung });
  const readings = link.rung === 'polling' ? readPoll(data, reader(turn)) : [read(data, reader(turn))];
  for (const reading of readings) {
    // an earlier message of the same body may have ended the link
    const current = [state.link, state.probe].find((other) => other?.generation === link.generation);
    if (!current) return;
    if (reading.ok) heard(turn, current, reading.message);
    else malformed(turn, current, reading.reason);
  }
  if (link.rung === 'polling') sampleClock(turn, link, readings);
}

/**
 * The answer to a request that was made beside an EventSource, to catch up. It may be another instance's: then the
 * stream is opened anew, and what that says counts.
 *
 * @param {Turn} turn
 * @param {Request} request
 * @param {unknown} data
 */
export function fromCatchUp(turn, request, data) {
  const { cursor } = turn.state;
  for (const message of answer(turn, request, data)) {
    if (cursor.epoch !== null && message.epoch !== cursor.epoch) return drop(turn, 'epoch');
    if (isPositioned(message)) place(turn, message);
  }
}

/**
 * The answer to the look whether the network is there: any valid message will do.
 *
 * @param {Turn} turn
 * @param {Request} request
 * @param {unknown} data
 */
export function fromCheck(turn, request, data) {
  examined(turn, answer(turn, request, data).length > 0);
}

/**
 * The valid messages of an answer; the others are counted.
 *
 * @param {Turn} turn
 * @param {Request} request
 * @param {unknown} data
 */
function answer(turn, request, data) {
  const readings = readPoll(data, reader(turn));
  for (const reading of readings) if (!reading.ok) countMalformed(turn, 'polling', reading.reason);
  sampleClock(turn, request, readings);
  return readings.flatMap((reading) => (reading.ok ? [reading.message] : []));
}

/**
 * The answer to a command that went by a request.
 *
 * @param {Turn} turn
 * @param {unknown} data
 */
export function fromPost(turn, data) {
  const reading = read(data, reader(turn));
  if (reading.ok && (reading.message.kind === 'result' || reading.message.kind === 'error')) {
    answered(turn, reading.message);
  }
}

/**
 * @param {Turn} turn
 * @param {Link} link
 * @param {Message} message
 */
function heard(turn, link, message) {
  const { state, now } = turn;
  state.foreignVersions = 0;
  if (link.rung !== 'polling' && message.kind !== 'pong') state.clock = timed(state.clock, link, message, now);
  if (isPositioned(message)) return positioned(turn, link, message);
  if (message.kind === 'pong') ponged(turn, message);
  else if (message.kind === 'goodbye') noteGoodbye(turn, link, message.spread_ms);
  else answered(turn, message);
}

/**
 * The snapshot with which a stream begins was made for it, so the two are a question and its answer: until the first
 * pong, nothing else says how late that snapshot may be.
 *
 * @param {Clock} clock
 * @param {Link} link
 * @param {Message} message
 * @param {number} now
 */
function timed(clock, link, { kind, server_ms: serverMs }, now) {
  if (kind !== 'snapshot' || link.liveSince !== null) return withPushed(clock, { receivedAt: now, serverMs });
  return withRoundTrip(clock, { sentAt: link.askedAt, receivedAt: now, serverMs });
}

/**
 * @param {Turn} turn
 * @param {Link} link
 * @param {News} message
 */
function positioned(turn, link, message) {
  const { state, now } = turn;
  if (link === state.link && judge(state.cursor, message) === 'stale') return ignored(turn, message, 'stale');
  if (link === state.probe) climb(turn, link);
  else if (link.liveSince === null) becomeLive(turn, link);
  else state.link = { ...link, heardAt: now };
  place(turn, message, { latency: true });
  planProbe(turn);
  flush(turn);
}

/**
 * @param {Turn} turn
 * @param {News} message
 * @param {{latency?: boolean}} [how] latency: it came as soon as the server sent it
 */
function place(turn, message, { latency = false } = {}) {
  const { state } = turn;
  const verdict = judge(state.cursor, message);
  const prompt = latency && state.catchup === null && message.kind !== 'snapshot';
  if (verdict === 'stale' || verdict === 'duplicate') ignored(turn, message, verdict);
  else if (verdict === 'gap') openGap(turn, 'ahead', message.kind === 'event' ? { event: message } : {});
  else if (message.kind === 'tick') ticked(turn, message);
  else applied(turn, message, verdict);
  if (prompt && (verdict === 'apply' || verdict === 'confirm')) noteLatency(turn, message);
}

/**
 * @param {Turn} turn
 * @param {News} message
 * @param {Verdict} verdict
 */
function applied(turn, message, verdict) {
  const { state } = turn;
  apply(turn, message);
  if (verdict === 'new-epoch') forgotten(turn);
  for (let kept = nextKept(turn); kept !== undefined; kept = nextKept(turn)) apply(turn, kept);
  const filled = message.kind === 'snapshot' || !isMoreKept(turn);
  if (filled && !(state.catchup?.whole && message.kind === 'event')) closeGap(turn);
  confirmed(turn);
}

/**
 * @param {Turn} turn
 * @param {News} message
 */
function apply(turn, message) {
  const { state } = turn;
  state.shown = turn.app.fold(state.shown, message);
  state.cursor = advance(state.cursor, message);
  turn.trace('applied', { kind: message.kind, epoch: message.epoch, seq: message.seq });
}

/** @param {Turn} turn */
function isMoreKept({ state }) {
  return state.catchup?.buffer.some(({ seq }) => seq > state.cursor.seq) ?? false;
}

/**
 * A heartbeat at our position. If it contradicts what is shown, one of the two was damaged on its way: only a
 * snapshot tells which.
 *
 * @param {Turn} turn
 * @param {News} tick
 */
function ticked(turn, tick) {
  const { state } = turn;
  if (!turn.app.agrees(state.shown, tick)) return openGap(turn, 'contradiction', { whole: true });
  if (state.catchup !== null && !state.catchup.whole) closeGap(turn);
  confirmed(turn);
}

/** @param {Turn} turn */
function confirmed(turn) {
  const { state, now } = turn;
  const { confirmedAt, doubtSince } = state;
  if (confirmedAt !== null) {
    const staleMs = now - staleFrom({ confirmedAt, doubtSince }, state.options);
    if (staleMs > 0) turn.count('stale_ms_total', staleMs);
  }
  state.confirmedAt = now;
  if (state.catchup === null) state.doubtSince = null;
}

/**
 * @param {Turn} turn
 * @param {Message} message
 * @param {string} reason
 */
function ignored(turn, message, reason) {
  if (reason === 'duplicate') turn.count('duplicates_total');
  turn.trace('ignored', { reason, kind: message.kind, epoch: message.epoch, seq: message.seq });
}

/**
 * Counted, left out, and taken for a gap: it may have been an event. Too many of them, and the link is bad.
 *
 * @param {Turn} turn
 * @param {Link} link
 * @param {Reason} reason
 */
function malformed(turn, link, reason) {
  const { state, now } = turn;
  countMalformed(turn, link.rung, reason);
  turn.say('malformed', { reason, attempt: link.generation }, { rung: link.rung });
  if (reason === 'version' && ++state.foreignVersions >= state.options.foreignVersionLimit) {
    return terminate(turn, 'version');
  }
  if (link !== state.link) return;
  const malformedAt = [...link.malformedAt, now].filter((at) => now - at < state.options.malformedWindow);
  state.link = { ...link, malformedAt };
  if (malformedAt.length >= state.options.malformedLimit) drop(turn, 'malformed', { blame: true });
  else openGap(turn, 'malformed');
}

/**
 * @param {Turn} turn
 * @param {import('./ladder.js').Rung} rung
 * @param {Reason} reason
 */
function countMalformed(turn, rung, reason) {
  const { state } = turn;
  turn.tally('malformed', `${rung}:${reason}`);
  turn.tally('stream_errors', `${rung}:malformed`);
  turn.trace('ignored', { reason: 'malformed', why: reason, rung });
}

/**
 * @param {Turn} turn
 * @param {Message} message
 */
function noteLatency({ state, now }, { server_ms: sentAt }) {
  state.metrics = withLatency(state.metrics, now + state.clock.target - sentAt);
}

/**
 * @param {Turn} turn
 * @param {Link} link
 * @param {number} spread
 */
function noteGoodbye({ state }, link, spread) {
  if (link === state.link) state.link = { ...link, spread: Math.min(spread, state.options.retryAfterCap) };
}

/**
 * A request and its answer are a sample of the server's clock.
 *
 * @param {Turn} turn
 * @param {{askedAt: number}} request
 * @param {readonly Reading[]} readings
 */
function sampleClock({ state, now }, { askedAt }, readings) {
  const last = readings.at(-1);
  if (!last?.ok) return;
  state.clock = withRoundTrip(state.clock, { sentAt: askedAt, receivedAt: now, serverMs: last.message.server_ms });
}

/**
 * @param {Message} message
 * @returns {message is News}
 */
function isPositioned(message) {
  return message.kind === 'snapshot' || message.kind === 'event' || message.kind === 'tick';
}

/**
 * @param {Turn} turn
 * @returns {Reader}
 */
function reader({ app, state }) {
  return { bodies: app.bodies, maxLength: state.options.maxMessageLength };
}
