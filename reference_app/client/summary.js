/** @import { Metrics } from './core/metrics.js' */

/**
 * The figures as they are published: counters as they are, ratios and quantiles worked out.
 *
 * @param {Metrics} metrics
 */
export function summary({ latencies, latency_count, live_count, ...counters }) {
  const { sse_attempts: attempts, sse_successes: successes, upgrades } = counters;
  return {
    ...counters,
    sse_success_rate: attempts === 0 ? null : successes / attempts,
    reconnect_count: Math.max(0, live_count - 1 - upgrades),
    malformed_total: Object.values(counters.malformed).reduce((sum, n) => sum + n, 0),
    update_latency_ms: {
      count: latency_count,
      median: quantile(latencies, 0.5),
      p95: quantile(latencies, 0.95),
      max: quantile(latencies, 1),
    },
  };
}

/**
 * @param {readonly number[]} values
 * @param {number} q in [0, 1]
 * @returns {number | null} null if there are no values
 */
export function quantile(values, q) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(q * (sorted.length - 1))] ?? null;
}
