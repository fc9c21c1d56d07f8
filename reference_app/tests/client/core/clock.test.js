import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { UNKNOWN, displayedOffset, withPushed, withRoundTrip } from '../../../client/core/clock.js';

/**
 * A round trip whose two ways take these ms, by a server that is `offset` ahead.
 *
 * @param {import('../../../client/core/clock.js').Clock} clock
 * @param {number} sentAt
 * @param {[number, number]} ways
 */
const asked = (clock, sentAt, [there, back], offset = 1000) =>
  withRoundTrip(clock, { sentAt, receivedAt: sentAt + there + back, serverMs: sentAt + there + offset });

describe('the offset', () => {
  test('is half-way through a round trip', () => {
    assert.equal(asked(UNKNOWN, 0, [10, 10]).target, 1000);
  });

  test('is that of the shortest round trip', () => {
    const clock = asked(asked(asked(UNKNOWN, 0, [400, 0]), 500, [5, 5]), 600, [0, 300]);

    assert.equal(clock.target, 1000);
  });

  test('is not moved by a burst of held-up messages', () => {
    let clock = asked(UNKNOWN, 0, [5, 5]);
    for (const heldUp of [5000, 4000, 3000, 2000]) {
      clock = withPushed(clock, { receivedAt: 10_000, serverMs: 10_000 + 1000 - heldUp });
    }

    assert.equal(clock.target, 1000);
  });

  test('is not lowered by a first answer that was held up, below what a message has shown', () => {
    const pushed = withPushed(UNKNOWN, { receivedAt: 5, serverMs: 1000 });
    const clock = asked(pushed, 10, [1, 800]);

    assert.equal(clock.target, 995);
  });

  test('is not moved by a cache that answers with an old time again and again', () => {
    let clock = asked(asked(UNKNOWN, 0, [5, 5]), 1000, [5, 5]);
    for (const sentAt of [2000, 3000, 4000]) {
      clock = withRoundTrip(clock, { sentAt, receivedAt: sentAt + 2, serverMs: 2005 });
    }

    assert.equal(clock.target, 1000);
  });

  test('follows a clock that was set back and goes on from there', () => {
    let clock = asked(UNKNOWN, 0, [5, 5]);
    for (const sentAt of [1000, 1100]) clock = asked(clock, sentAt, [5, 5], -60_000);

    assert.equal(clock.target, -60_000);
  });

  test('is raised by a message that would otherwise come before it was sent', () => {
    const clock = withPushed(asked(UNKNOWN, 0, [0, 400]), { receivedAt: 500, serverMs: 1490 });

    assert.equal(clock.target, 990);
  });

  test('is the best bound while nothing was asked', () => {
    let clock = withPushed(UNKNOWN, { receivedAt: 100, serverMs: 1040 });
    clock = withPushed(clock, { receivedAt: 200, serverMs: 1195 });

    assert.equal(clock.target, 995);
  });

  test('follows a clock that was set back', () => {
    const once = asked(asked(UNKNOWN, 0, [5, 5], 60_000), 1000, [5, 5], 0);
    const twice = asked(once, 2000, [5, 5], 0);

    assert.deepEqual([once.target, twice.target], [60_000, 0]);
  });

  test('follows when the local clock stood still', () => {
    const known = asked(UNKNOWN, 0, [5, 5]);
    const once = withPushed(known, { receivedAt: 1000, serverMs: 61_995 });
    const twice = withPushed(once, { receivedAt: 2000, serverMs: 62_990 });

    assert.deepEqual([once.target, twice.target], [1000, 60_990]);
  });

  test('does not follow one damaged message', () => {
    let clock = asked(UNKNOWN, 0, [5, 5]);
    for (const lie of [90_000, 0, 500_000, 0]) {
      clock = withPushed(clock, { receivedAt: 1000, serverMs: 1995 + lie });
    }

    assert.equal(clock.target, 1000);
  });

  test('forgets old round trips', () => {
    let clock = asked(UNKNOWN, 0, [0, 10]);
    for (let i = 1; i <= 8; i += 1) clock = asked(clock, i * 1000, [10, 10]);

    assert.equal(clock.target, 1000);
    assert.equal(clock.samples.length, 8);
  });
});

describe('the displayed offset', () => {
  const corrected = asked(asked(UNKNOWN, 0, [0, 200]), 1000, [0, 0]); // 900, then 1000

  test('starts at the first estimate', () => {
    assert.equal(displayedOffset(asked(UNKNOWN, 0, [10, 10]), 20), 1000);
  });

  test('makes a small correction slowly', () => {
    const passed = [0, 500, 1000, 5000].map((ms) => displayedOffset(corrected, 1000 + ms));

    assert.deepEqual(passed, [900, 950, 1000, 1000]);
  });

  test('makes a large correction at once', () => {
    const clock = asked(asked(UNKNOWN, 0, [0, 2000]), 3000, [0, 0]);

    assert.equal(displayedOffset(clock, 3000), 1000);
  });
});
