import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ZERO, tallied, withLatency } from '../../client/core/metrics.js';
import { quantile, summary } from '../../client/summary.js';

test('the success rate counts streams that delivered', () => {
  assert.equal(summary({ ...ZERO, sse_attempts: 4, sse_successes: 3 }).sse_success_rate, 0.75);
});

test('there is no success rate without an attempt', () => {
  assert.equal(summary(ZERO).sse_success_rate, null);
});

test('the first connection is no reconnection, and neither is a climb', () => {
  /** @type {[number, number][]} */
  const lives = [[0, 0], [1, 0], [4, 1]];
  const counts = lives.map(([live_count, upgrades]) => summary({ ...ZERO, live_count, upgrades }).reconnect_count);

  assert.deepEqual(counts, [0, 0, 2]);
});

test('malformed messages are added up over transports and reasons', () => {
  const labels = ['websocket:parse', 'polling:size', 'polling:size'];
  const metrics = labels.reduce((before, label) => tallied(before, 'malformed', label), ZERO);

  assert.deepEqual(metrics.malformed, { 'websocket:parse': 1, 'polling:size': 2 });
  assert.equal(summary(metrics).malformed_total, 3);
});

test('latencies are counted for ever and kept for a while', () => {
  let metrics = ZERO;
  for (let ms = 1; ms <= 1000; ms += 1) metrics = withLatency(metrics, ms);

  assert.equal(metrics.latencies.length, 200);
  assert.deepEqual(summary(metrics).update_latency_ms, { count: 1000, median: 901, p95: 991, max: 1000 });
});

test('nothing has no quantile', () => {
  assert.equal(quantile([], 0.5), null);
});
