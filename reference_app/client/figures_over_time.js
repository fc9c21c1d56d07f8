/**
 * The four figures over the last minutes: a sample now and then, the latest few kept. Pure.
 *
 * @import { Metrics } from './core/metrics.js'
 *
 * @typedef {object} Sample of one beat
 * @property {number | null} successRate of all EventSource attempts until then
 * @property {number} reconnections in this beat
 * @property {number} streamErrors in this beat
 * @property {number | null} latency median of this beat's updates, ms
 *
 * @typedef {object} Course
 * @property {number} due when the next sample is to be taken, ms of the client's clock
 * @property {Metrics | null} before the figures at the latest sample
 * @property {readonly Sample[]} samples oldest first
 */

import { quantile, summary } from './summary.js';

export const SAMPLES_KEPT = 60;
export const BEATS = 5; // of the server's heartbeat, per sample: five minutes in all

/** @type {Course} */
export const NO_COURSE = { due: -Infinity, before: null, samples: [] };

/** @type {Sample} */
const HOLE = { successRate: null, reconnections: 0, streamErrors: 0, latency: null };

/**
 * @param {Course} course
 * @param {Metrics} metrics
 * @param {{now: number, every: number}} times ms
 * @returns {Course} the same one if no sample is due
 */
export function followed(course, metrics, { now, every }) {
  if (now < course.due) return course;
  if (course.before === null) return { ...course, before: metrics, due: now + every };
  // a browser that slept, or let a hidden page wait, leaves a hole
  const asleep = Math.min(SAMPLES_KEPT, Math.floor((now - course.due) / every));
  const holes = Array.from({ length: asleep }, () => HOLE);
  const samples = [...course.samples, ...holes, sample(course.before, metrics)].slice(-SAMPLES_KEPT);
  return { due: now + every, before: metrics, samples };
}

/**
 * @param {Metrics} before
 * @param {Metrics} metrics
 * @returns {Sample}
 */
function sample(before, metrics) {
  const [then, { sse_success_rate: successRate, reconnect_count: reconnections }] = [summary(before), summary(metrics)];
  const fresh = metrics.latency_count - before.latency_count;
  return {
    successRate,
    reconnections: reconnections - then.reconnect_count,
    streamErrors: streamErrors(metrics) - streamErrors(before),
    latency: fresh === 0 ? null : quantile(metrics.latencies.slice(-fresh), 0.5),
  };
}

/** @param {Pick<Metrics, 'stream_errors'>} metrics */
export function streamErrors({ stream_errors: errors }) {
  return Object.values(errors).reduce((sum, n) => sum + n, 0);
}
