/**
 * The figures that people watch, counted in one place per happening. Connections are counted when they deliver their
 * first valid message, never when they open.
 *
 * @typedef {Record<string, number>} Tally
 * @typedef {object} Metrics
 * @property {number} sse_attempts EventSource objects made
 * @property {number} sse_successes of those, the ones that delivered a valid message
 * @property {number} live_count times that the page became live
 * @property {number} upgrades of those, the climbs to a better rung
 * @property {Tally} transport_switches by `from>to`
 * @property {Tally} stream_errors by `transport:reason`: live connections lost, and malformed messages
 * @property {Tally} malformed by `transport:reason`
 * @property {number} gaps_total
 * @property {number} resyncs_total
 * @property {number} duplicates_total
 * @property {number} stale_ms_total
 * @property {{done: number, failed: number, unknown: number, retried: number}} commands
 * @property {readonly number[]} latencies the latest update latencies, ms
 * @property {number} latency_count
 */

const LATENCIES_KEPT = 200;

/** @type {Metrics} */
export const ZERO = {
  sse_attempts: 0,
  sse_successes: 0,
  live_count: 0,
  upgrades: 0,
  transport_switches: {},
  stream_errors: {},
  malformed: {},
  gaps_total: 0,
  resyncs_total: 0,
  duplicates_total: 0,
  stale_ms_total: 0,
  commands: { done: 0, failed: 0, unknown: 0, retried: 0 },
  latencies: [],
  latency_count: 0,
};

/**
 * @typedef {'sse_attempts' | 'sse_successes' | 'live_count' | 'upgrades' | 'gaps_total' | 'resyncs_total' |
 *   'duplicates_total' | 'stale_ms_total'} Counter
 * @param {Metrics} metrics
 * @param {Counter} name
 * @param {number} [by]
 * @returns {Metrics}
 */
export function increased(metrics, name, by = 1) {
  return { ...metrics, [name]: metrics[name] + by };
}

/**
 * @typedef {'transport_switches' | 'stream_errors' | 'malformed' | 'commands'} Tallies
 * @param {Metrics} metrics
 * @param {Tallies} name
 * @param {string} label
 * @param {number} [by]
 * @returns {Metrics}
 */
export function tallied(metrics, name, label, by = 1) {
  const tally = /** @type {Tally} */ (metrics[name]);
  return { ...metrics, [name]: { ...tally, [label]: (tally[label] ?? 0) + by } };
}

/**
 * @param {Metrics} metrics
 * @param {number} ms from the server's stamp to its being shown
 * @returns {Metrics}
 */
export function withLatency(metrics, ms) {
  const latencies = [...metrics.latencies, ms].slice(-LATENCIES_KEPT);
  return { ...metrics, latencies, latency_count: metrics.latency_count + 1 };
}
