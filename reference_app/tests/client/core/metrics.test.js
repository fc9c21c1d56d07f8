import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ZERO, increased, tallied, withLatency } from '../../../client/core/metrics.js';

test('counting leaves the earlier figures as they were', () => {
  assert.equal(increased(ZERO, 'gaps_total').gaps_total, 1);
  assert.equal(ZERO.gaps_total, 0);
});

test('a tally counts by label, and takes back', () => {
  const once = tallied(ZERO, 'commands', 'unknown');

  assert.equal(once.commands.unknown, 1);
  assert.equal(tallied(once, 'commands', 'unknown', -1).commands.unknown, 0);
});

test('latencies are kept for a while and counted for ever', () => {
  let metrics = ZERO;
  for (let ms = 1; ms <= 300; ms += 1) metrics = withLatency(metrics, ms);

  assert.deepEqual([metrics.latencies.length, metrics.latencies[0], metrics.latency_count], [200, 101, 300]);
});
