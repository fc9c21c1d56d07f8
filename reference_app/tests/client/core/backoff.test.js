import assert from 'node:assert/strict';
import { test } from 'node:test';

import { delay, nextRound, probeDelay } from '../../../client/core/backoff.js';

const TIMES = { base: 500, cap: 20_000, floor: 100 };
const PROBES = { probeEvery: 15_000, probeMax: 60_000 };

test('the least delay is the floor', () => {
  assert.equal(delay(0, 0, TIMES), 100);
});

for (const [failures, window] of [[0, 500], [1, 1000], [5, 16_000], [6, 20_000], [40, 20_000], [5000, 20_000]]) {
  test(`the window after ${failures} failures is ${window} ms`, () => {
    assert.equal(delay(failures ?? 0, 0.5, TIMES), 100 + (window ?? 0) / 2);
  });
}

test('the spread widens a narrow window', () => {
  assert.equal(delay(0, 0.5, TIMES, 2000), 1100);
});

test('the spread leaves a wide window alone', () => {
  assert.equal(delay(6, 0.5, TIMES, 2000), 10_100);
});

test('the first round begins at once and is as wide as the spread', () => {
  assert.deepEqual(nextRound({ spread: 2000, until: 0 }, 0, 0, TIMES), {
    wait: 0, round: { spread: 2000, until: 2100 },
  });
});

test('the next round begins where the last one ends', () => {
  assert.deepEqual(nextRound({ spread: 2000, until: 2100 }, 600, 1, TIMES), {
    wait: 1500, round: { spread: 2000, until: 4200 },
  });
});

test('a round that would take the wait beyond the cap begins at once', () => {
  assert.deepEqual(nextRound({ spread: 2000, until: 8000 }, 0, 5, TIMES), {
    wait: 0, round: { spread: 2000, until: 16_100 },
  });
});

test('looks at a better rung grow rarer, up to the longest interval', () => {
  const rounds = [0, 1, 2, 3, 99].map((round) => probeDelay(round, 0.5, PROBES, 1));

  assert.deepEqual(rounds, [15_000, 30_000, 60_000, 60_000, 60_000]);
});

test('rungs that take turns are each seen once per longest interval', () => {
  assert.equal(probeDelay(99, 0.5, PROBES, 2), 30_000);
});

test('looks are jittered by a quarter', () => {
  assert.deepEqual([0, 0.5].map((random) => probeDelay(0, random, PROBES, 1)), [11_250, 15_000]);
});
