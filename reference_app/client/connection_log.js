/**
 * What the connection went through, as a list to read: from what the client said and what it knows after each step.
 * Pure. A loss and its end are one entry, which is replaced when there is more to tell.
 *
 * @import { Said, State } from './core/state.js'
 * @import { Rung } from './core/ladder.js'
 *
 *
 * @typedef {object} Back the end of something
 * @property {number} ms after which it came
 * @property {Rung} rung over which
 * @property {number | null} missed events that will not come any more; null: nothing was known before
 * @property {boolean} anew the server has another log than before
 *
 * @typedef {object} Entry
 * @property {'start' | 'lost' | 'silent' | 'spent' | 'unreachable' | 'paused' | 'climbed' | 'malformed' | 'gap' |
 *   'stopped' | 'left'} what
 * @property {number} at Unix ms, for the reader
 * @property {number} since ms of the client's clock
 * @property {Rung} rung
 * @property {Rung} to
 * @property {number} count attempts in vain since, or how often it happened
 * @property {string} [reason]
 * @property {number} [code] with which a WebSocket was closed
 * @property {number} [status] HTTP
 * @property {number} [ms] how long the server asked to wait
 * @property {Back | null} [back] absent: not yet; null: it will not come
 *
 * @typedef {{epoch: string | null, seq: number}} Position
 *
 * @typedef {object} ConnectionLog
 * @property {readonly Entry[]} entries newest first
 * @property {Entry | null} outage the entry of the break that is not over
 * @property {Entry | null} gap the entry of the gap that is still open
 * @property {Position} position in the server's log when the break began
 * @property {boolean} unanswered requests get no answer at all, though nothing refuses them
 */

const KEPT = 50;

/** @type {ConnectionLog} */
export const NOTHING_YET = {
  entries: [], outage: null, gap: null, position: { epoch: null, seq: 0 }, unanswered: false,
};

/**
 * @typedef {object} Known after the step
 * @property {State} state
 * @property {number} now ms of the client's clock, which no one sets
 * @property {number} unixNow ms of the clock that people read
 */

/**
 * The client said something.
 *
 * @param {ConnectionLog} log
 * @param {Said} said
 * @param {Known} known
 * @returns {ConnectionLog}
 */
export function heard(log, said, known) {
  switch (said.line) {
    case 'starting': return broken(log, entry('start', said, known), known);
    case 'failed': return failed(log, said, known);
    case 'malformed': return again(log, entry('malformed', said, known));
    case 'paused': return again(log, { ...entry('paused', said, known), ms: Number(said.details['ms']) });
    case 'spent':
    case 'climbed': return added(log, entry(said.line, said, known));
    case 'unreachable': return unreachable(log, said, known);
    case 'resyncing': return log.gap === null ? opened(log, entry('gap', said, known)) : log;
    case 'stopped': return stopped(log, entry('stopped', said, known));
    default: return log;
  }
}

/**
 * The client has taken a step.
 *
 * @param {ConnectionLog} log
 * @param {Known} known
 * @returns {ConnectionLog} the same one if there is nothing new to tell
 */
export function seen(log, known) {
  const { connection, rung } = known.state;
  const said = { rung, to: rung };
  if (connection === 'live') return caughtUp(reached(log, known), known);
  if (connection === 'connecting' && log.outage === null) return broken(log, entry('silent', said, known), known);
  const leaving = connection === 'closed' && log.entries.length > 0 && log.entries[0]?.what !== 'left';
  return leaving ? stopped(log, entry('left', said, known)) : log;
}

/**
 * @param {Entry['what']} what
 * @param {{rung: Rung, to: Rung}} said
 * @param {Known} known
 * @returns {Entry}
 */
function entry(what, { rung, to }, { now, unixNow }) {
  return { what, at: unixNow, since: now, rung, to, count: what === 'malformed' ? 1 : 0 };
}

/**
 * @param {ConnectionLog} log
 * @param {Entry} entry
 * @returns {ConnectionLog}
 */
function added(log, entry) {
  return { ...log, entries: [entry, ...log.entries].slice(0, KEPT) };
}

/**
 * @param {ConnectionLog} log
 * @param {Entry} old
 * @param {Entry} entry what it has become
 * @returns {ConnectionLog}
 */
function replaced(log, old, entry) {
  return { ...log, entries: log.entries.map((each) => (each === old ? entry : each)) };
}

/**
 * The same thing again, with nothing between but the gap that it tore, makes one entry.
 *
 * @param {ConnectionLog} log
 * @param {Entry} entry
 * @returns {ConnectionLog}
 */
function again(log, entry) {
  const newest = log.entries.find(({ what }) => what !== 'gap');
  if (newest?.what !== entry.what || newest.rung !== entry.rung) return added(log, entry);
  return replaced(log, newest, { ...entry, at: newest.at, since: newest.since, count: newest.count + entry.count });
}

/**
 * @param {ConnectionLog} log
 * @param {Entry} entry
 * @param {Known} known
 * @returns {ConnectionLog}
 */
function broken(log, entry, { state: { cursor } }) {
  const { epoch, seq } = cursor;
  return { ...added(log, entry), outage: entry, position: { epoch, seq } };
}

/**
 * @param {ConnectionLog} log
 * @param {Said} said
 * @param {Known} known
 * @returns {ConnectionLog}
 */
function failed(log, said, known) {
  const { reason, code, status } = /** @type {{reason: string, code?: number, status?: number}} */ (said.details);
  const { outage } = log;
  if (outage !== null) {
    const counted = { ...outage, count: outage.count + 1 };
    const starved = said.rung !== 'websocket' && reason === 'timeout';
    return { ...replaced(log, outage, counted), outage: counted, unanswered: log.unanswered || starved };
  }
  const why = { reason, ...(code === undefined ? {} : { code }), ...(status === undefined ? {} : { status }) };
  return broken(log, { ...entry('lost', said, known), ...why }, known);
}

/**
 * Said once for each break. A network that is gone refuses at once; where nothing came for the whole time of a
 * request, it may have waited in the browser behind others: six connections per server are all it gives.
 *
 * @param {ConnectionLog} log
 * @param {Said} said
 * @param {Known} known
 * @returns {ConnectionLog}
 */
function unreachable(log, said, known) {
  const { state, now } = known;
  const unanswered = now - state.checkedAt >= state.options.pollTimeout;
  const since = log.outage === null ? 0 : log.entries.indexOf(log.outage);
  const told = log.entries.slice(0, since).some(({ what }) => what === 'unreachable');
  return { ...(told ? log : added(log, entry('unreachable', said, known))), unanswered };
}

/**
 * @param {ConnectionLog} log
 * @param {Entry} entry
 * @returns {ConnectionLog}
 */
function opened(log, entry) {
  return { ...added(log, entry), gap: entry };
}

/**
 * Nothing is tried any more, so what is open stays without an end.
 *
 * @param {ConnectionLog} log
 * @param {Entry} entry
 * @returns {ConnectionLog}
 */
function stopped(log, entry) {
  const entries = log.entries.map((each) => (each === log.outage || each === log.gap ? { ...each, back: null } : each));
  return { ...added({ ...log, entries }, entry), outage: null, gap: null, unanswered: false };
}

/**
 * Live: a break is over.
 *
 * @param {ConnectionLog} log
 * @param {Known} known
 * @returns {ConnectionLog}
 */
function reached(log, { state, now }) {
  const { outage, position } = log;
  if (outage === null) return log;
  const anew = position.epoch !== null && position.epoch !== state.cursor.epoch;
  const missed = position.epoch === null || anew ? null : lostSince(position, state);
  const back = { ms: now - outage.since, rung: state.rung, missed, anew };
  return { ...replaced(log, outage, { ...outage, back }), outage: null, unanswered: false };
}

/**
 * How many events after the position the page does not have, and will not get.
 *
 * @param {Position} position
 * @param {State} state
 */
function lostSince({ seq }, { cursor, shown }) {
  const oldest = shown.events[0]?.seq ?? cursor.seq + 1;
  return Math.max(0, oldest - seq - 1);
}

/**
 * @param {ConnectionLog} log
 * @param {Known} known
 * @returns {ConnectionLog}
 */
function caughtUp(log, { state, now }) {
  const { gap } = log;
  if (gap === null || state.catchup !== null) return log;
  const back = { ms: now - gap.since, rung: state.rung, missed: null, anew: false };
  return { ...replaced(log, gap, { ...gap, back }), gap: null };
}
