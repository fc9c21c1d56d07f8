/**
 * Every number that the client goes by, and the one factor that scales the protocol's times.
 */

/** Times of the protocol in ms at scale 1. All of them, and nothing else, are scaled. */
const TIMES = {
  base: 500, // first back-off window
  floor: 100, // no reconnection comes sooner
  cap: 20_000, // widest back-off window
  minUptime: 5_000, // a link that lived this long was a good one
  connectTimeout: 4_000, // from opening a stream to its first valid message
  pollTimeout: 3_000, // for one HTTP request
  tick: 1_000, // the server's heartbeat, and the beat of polling
  liveness: 5_000, // silence after which a link is given up
  staleAfter: 3_000, // age after which the shown data is called stale
  doubtAfter: 1_000, // how long a gap may stay open before the data is called stale
  probeEvery: 15_000, // first interval between looks at a better rung
  probeMax: 60_000, // each better rung is looked at this often at least
  spread: 2_000, // window for reconnections after the server ended a link
  ack: 3_000, // wait for the answer to a command before asking again
  commandExpiry: 10_000, // after which a command without an answer is given up
  pingEvery: 5_000, // clock samples over WebSocket
  resyncEvery: 1_000, // at most one request to catch up per this time
  checkEvery: 1_000, // at most one look whether the network is there per this time
  malformedWindow: 10_000,
  lateBy: 500, // a timer this late was held up, and so were the messages
  settle: 100, // time given to held-up messages to come in
  offlineGrace: 2_000, // time for a link to show life after the browser said "offline"
  onlineSpread: 1_000, // window for the attempt after the browser said "online"
};

/** Counts, sizes and times of the outside world: the same at every scale. */
const FIXED = {
  budgets: { websocket: 3, eventsource: 3, polling: 3 }, // failures in a row before the next rung
  malformedLimit: 3, // malformed messages per window before a link is dropped
  foreignVersionLimit: 3, // messages of another protocol version in a row before the page gives up
  resyncTries: 3,
  bufferLimit: 500, // events kept while a gap is open
  commandLimit: 20, // commands that may wait at once
  maxMessageLength: 256 * 1024, // UTF-16 units
  retryAfterCap: 60_000, // ms; Retry-After is given in real seconds
};

/** @typedef {typeof TIMES & typeof FIXED} Options */

/**
 * The options at a scale: 1 for people, less in tests.
 *
 * @param {number} [scale] factor for the protocol's times, more than 0
 * @param {Partial<Options>} [overrides] final values, not scaled
 * @returns {Options}
 * @throws {RangeError} if the scale is not a positive number
 */
export function options(scale = 1, overrides = {}) {
  if (!(scale > 0 && Number.isFinite(scale))) {
    throw new RangeError(`scale must be above 0, not ${scale}`);
  }
  const times = /** @type {typeof TIMES} */ (
    Object.fromEntries(Object.entries(TIMES).map(([name, ms]) => [name, ms * scale]))
  );
  return { ...times, ...FIXED, ...overrides };
}
