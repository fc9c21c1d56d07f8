import assert from 'node:assert/strict';
import { test } from 'node:test';

import { followed, NO_COURSE, SAMPLES_KEPT, streamErrors } from '../../client/figures_over_time.js';
import { increased, tallied, withLatency, ZERO } from '../../client/core/metrics.js';

const every = 5000;

/** @param {import('../../client/core/metrics.js').Metrics[]} metrics one for each beat, the first of them before any */
function course(...metrics) {
  return metrics.reduce((known, each, i) => followed(known, each, { now: i * every, every }), NO_COURSE);
}

test('takes a sample when one is due, and not before', () => {
  const begun = course(ZERO);

  assert.equal(followed(begun, ZERO, { now: every - 1, every }), begun);
  assert.equal(followed(begun, ZERO, { now: every, every }).samples.length, 1);
});

test('tells what there was to count in each beat', () => {
  const once = tallied(increased(ZERO, 'live_count', 2), 'stream_errors', 'websocket:lost');
  const again = tallied(once, 'stream_errors', 'polling:malformed', 2);

  const { samples } = course(ZERO, once, again, again);

  assert.deepEqual(samples.map(({ reconnections, streamErrors: errors }) => [reconnections, errors]), [
    [1, 1], [0, 2], [0, 0],
  ]);
});

test('tells the success rate until then, or that there is none', () => {
  const tried = increased(ZERO, 'sse_attempts', 4);

  const { samples } = course(ZERO, ZERO, tried, increased(tried, 'sse_successes', 3));

  assert.deepEqual(samples.map(({ successRate }) => successRate), [null, 0, 0.75]);
});

test('tells the median latency of each beat alone', () => {
  const slow = [100, 300, 200].reduce(withLatency, ZERO);

  const { samples } = course(ZERO, slow, withLatency(slow, 10), withLatency(slow, 10));

  assert.deepEqual(samples.map(({ latency }) => latency), [200, 10, null]);
});

test('leaves a hole where the page slept', () => {
  const awake = course(ZERO, ZERO);

  const { samples } = followed(awake, withLatency(ZERO, 10), { now: 4 * every, every });

  assert.deepEqual(samples.map(({ latency }) => latency), [null, null, null, 10].slice(-samples.length));
  assert.equal(samples.length, 4);
});

test('keeps the last few', () => {
  const long = course(...Array.from({ length: SAMPLES_KEPT * 2 }, () => ZERO));

  assert.equal(long.samples.length, SAMPLES_KEPT);
  assert.equal(followed(long, ZERO, { now: 1e9, every }).samples.length, SAMPLES_KEPT);
});

test('counts the errors of all streams together', () => {
  assert.equal(streamErrors({ stream_errors: { 'websocket:lost': 2, 'eventsource:malformed': 3 } }), 5);
});
