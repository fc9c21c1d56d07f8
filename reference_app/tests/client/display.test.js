import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { display, eventWords, figures, minutesAndSeconds } from '../../client/display.js';
import { languageOf } from '../../client/language.js';
import { Conversation, snapshot } from './core/conversation.js';

/** A client live with a timer that runs for another ten seconds by its own clock. */
function running() {
  const talk = new Conversation().feed({ type: 'start' });
  const timer = { phase: 'running', duration_ms: 60_000, deadline_ms: talk.now + 10_000 };
  talk.says(talk.theOpened().generation, snapshot(0, { timer, server_ms: talk.now }));
  return talk;
}

/**
 * @param {Conversation} talk
 * @param {number} later ms
 */
const shownAfter = (talk, later) => display(talk.state, talk.now + later);

describe('minutesAndSeconds', () => {
  /** @type {[number, string][]} */
  const grid = [
    [0, '00:00'], [1, '00:01'], [1000, '00:01'], [1001, '00:02'], [59_001, '01:00'], [600_000, '10:00'],
    [6_000_000, '100:00'],
  ];
  for (const [ms, text] of grid) {
    test(`shows ${ms} ms as ${text}`, () => {
      assert.equal(minutesAndSeconds(ms), text);
    });
  }
});

describe('the timer shown', () => {
  test('runs down with the clock and without messages', () => {
    const talk = running();

    assert.deepEqual([0, 1500, 9999].map((ms) => shownAfter(talk, ms).remainingMs), [10_000, 8500, 1]);
  });

  test('is never below zero', () => {
    assert.equal(shownAfter(running(), 99_000).remainingMs, 0);
  });

  test('is never more than the whole timer', () => {
    assert.equal(shownAfter(running(), -80_000).remainingMs, 60_000);
  });

  test('is over when the server has kept silent for a while past the deadline', () => {
    const talk = running();

    assert.deepEqual([11_000, 11_001].map((ms) => shownAfter(talk, ms).phase), ['running', 'expired']);
  });
});

describe('what is said of the connection', () => {
  test('is that it connects before anything has come', () => {
    const talk = new Conversation().feed({ type: 'start' });

    const { connection, transport, freshness, ageMs, connectionWords } = shownAfter(talk, 0);

    assert.deepEqual([connection, transport, freshness, ageMs], ['connecting', 'none', 'offline', null]);
    assert.equal(connectionWords, 'Connecting …');
  });

  test('names the transport when it is live', () => {
    const { transport, connectionWords, freshness } = shownAfter(running(), 0);

    assert.deepEqual([transport, connectionWords, freshness], ['websocket', 'Live over WebSocket', 'fresh']);
  });

  test('grows from fresh to stale to offline with the age of the data', () => {
    const talk = running();

    assert.deepEqual([0, 3001, 5001].map((ms) => shownAfter(talk, ms).freshness), ['fresh', 'stale', 'offline']);
    assert.match(shownAfter(talk, 3001).staleWords, /may be wrong/);
  });

  test('is that it was lost when it was', () => {
    const talk = running();
    talk.closes(talk.state.link?.generation ?? 0);

    assert.match(shownAfter(talk, 0).connectionWords, /lost/);
  });
});

test('everything is said in the language of the reader', () => {
  const talk = running();
  const { phaseWords, connectionWords, staleWords } = display(talk.state, talk.now + 4000, languageOf(['fr']));

  const words = [phaseWords, connectionWords, staleWords];
  assert.deepEqual(words, ['En cours', 'En direct par WebSocket', 'Pas à jour : ceci peut être faux']);
});

test('why it stopped is said in the language of the reader', () => {
  const talk = running();
  talk.closes(talk.state.link?.generation ?? 0, { code: 4401 });

  assert.match(display(talk.state, talk.now, languageOf(['fr'])).terminal ?? '', /Identifiez-vous/);
});

describe('eventWords', () => {
  const timer = { phase: /** @type {const} */ ('paused'), duration_ms: 60_000, remaining_ms: 30_000 };
  /** @type {[string, object, string][]} */
  const grid = [
    ['started', {}, 'Started'],
    ['paused', { timer }, 'Paused at 00:30'],
    ['reset', { timer }, 'Reset to 00:30'],
    ['expired', { timer }, 'Time is up'],
    ['round_started', { game: { round: 2 } }, 'Round 2 began'],
    ['scored', { game: { score: { home: 0 } } }, 'Home scored: 0'],
    ['scored', { game: { score: { away: 4 } } }, 'Away scored: 4'],
    ['noted', { text: 'Corner kick' }, 'Corner kick'],
  ];
  for (const [name, fields, words] of grid) {
    test(`says "${words}"`, () => {
      assert.equal(eventWords({ seq: 1, at_ms: 0, name, ...fields }, languageOf(['en'])), words);
    });
  }
});

test('the figures count a stale time that still goes on', () => {
  const talk = running();

  assert.deepEqual([3000, 4500].map((ms) => figures(talk.state, talk.now + ms).stale_ms_total), [0, 1500]);
});
