import assert from 'node:assert/strict';
import { test } from 'node:test';

import { NOTHING, fold, sameTimer } from '../../client/store.js';

/** @typedef {import('../../client/messages.js').EventMessage} EventMessage */
/** @typedef {import('../../client/messages.js').Snapshot} Snapshot */

const ENVELOPE = /** @type {const} */ ({ v: 1, epoch: 'a', server_ms: 0 });
const GAME = { round: 2, score: { home: 3, away: 4 } };
/** @type {import('../../client/messages.js').Timer} */
const TIMER = { phase: 'paused', duration_ms: 9000, remaining_ms: 5000 };

/**
 * @param {Partial<EventMessage>} fields
 * @returns {EventMessage}
 */
const event = (fields) => ({ ...ENVELOPE, kind: 'event', seq: 1, name: 'noted', at_ms: 0, ...fields });

/** @type {Snapshot} */
const SNAPSHOT = {
  ...ENVELOPE, kind: 'snapshot', seq: 1, timer: TIMER, game: GAME, events: [event({})], oldest_seq: 1,
};

test('a snapshot replaces all', () => {
  const before = fold(NOTHING, event({ text: 'gone' }), 200);

  assert.deepEqual(fold(before, SNAPSHOT, 200), { timer: TIMER, game: GAME, events: SNAPSHOT.events });
});

test('an event changes what it names and leaves the rest', () => {
  const shown = fold(fold(NOTHING, SNAPSHOT, 200), event({ seq: 2, game: { score: { home: 7 } } }), 200);

  assert.deepEqual(shown.game, { round: 2, score: { home: 7, away: 4 } });
  assert.deepEqual(shown.timer, TIMER);
});

test('an event may bring a whole timer or another round', () => {
  const shown = fold(NOTHING, event({ timer: TIMER, game: { round: 5 } }), 200);

  assert.deepEqual([shown.timer, shown.game.round], [TIMER, 5]);
});

test('the list keeps the latest events, oldest first', () => {
  let shown = NOTHING;
  for (let seq = 1; seq <= 5; seq += 1) shown = fold(shown, event({ seq }), 3);

  assert.deepEqual(shown.events.map(({ seq }) => seq), [3, 4, 5]);
});

test('the list of a snapshot is cut to the same length', () => {
  const events = [1, 2, 3].map((seq) => event({ seq }));

  assert.deepEqual(fold(NOTHING, { ...SNAPSHOT, events }, 2).events.map(({ seq }) => seq), [2, 3]);
});

test('timers are the same when all that they say is', () => {
  assert.ok(sameTimer(TIMER, { ...TIMER }));
  assert.ok(!sameTimer(TIMER, { ...TIMER, remaining_ms: 4999 }));
  assert.ok(!sameTimer(TIMER, { phase: 'running', duration_ms: 9000, deadline_ms: 5000 }));
});
