import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { check } from '../../client/core/envelope.js';
import { BODIES } from '../../client/messages.js';
import { event, snapshot, tick } from './core/conversation.js';

const RUNNING = { phase: 'running', duration_ms: 60_000, deadline_ms: 1_900_000_000_000 };

/** @type {[string, unknown][]} */
const VALID = [
  ['a snapshot', snapshot(3)],
  ['a snapshot of an empty log', snapshot(0)],
  ['a snapshot of the latest events only', { ...snapshot(3), seq: 9, events: [event(8), event(9)], oldest_seq: 1 }],
  ['an event', event(1)],
  ['an event with a timer', event(1, { name: 'started', text: undefined, timer: RUNNING })],
  ['an event with a part of the score', event(1, { name: 'scored', game: { score: { home: 3 } } })],
  ['a tick', tick(0)],
  ['a tick of a running timer', tick(0, { timer: RUNNING })],
];

/** @type {[string, unknown, string][]} */
const MALFORMED = [
  ['null for a timer', tick(0, { timer: null }), 'schema'],
  ['an unknown phase', tick(0, { timer: { ...RUNNING, phase: 'walking' } }), 'schema'],
  ['a running timer without a deadline', tick(0, { timer: { phase: 'running', duration_ms: 1 } }), 'range'],
  ['a paused timer without a rest', tick(0, { timer: { phase: 'paused', duration_ms: 1 } }), 'range'],
  ['a rest as text', tick(0, { timer: { phase: 'idle', duration_ms: 12, remaining_ms: '12' } }), 'schema'],
  ['a rest below zero', tick(0, { timer: { phase: 'idle', duration_ms: 12, remaining_ms: -5 } }), 'range'],
  ['a rest longer than the timer', tick(0, { timer: { phase: 'idle', duration_ms: 12, remaining_ms: 13 } }), 'range'],
  ['an unknown event', event(1, { name: 'exploded' }), 'schema'],
  ['a start without a timer', event(1, { name: 'started' }), 'range'],
  ['a round without a number', event(1, { name: 'round_started', game: {} }), 'range'],
  ['points without a team', event(1, { name: 'scored', game: { score: {} } }), 'range'],
  ['a note without text', event(1, { text: undefined }), 'range'],
  ['a note that is no text', event(1, { text: 5 }), 'schema'],
  ['a score that is no number', snapshot(0, { game: { round: 1, score: { home: 'x', away: 0 } } }), 'schema'],
  ['events that are no list', snapshot(0, { events: {} }), 'schema'],
  ['a snapshot with a hole', { ...snapshot(3), events: [event(1), event(3)] }, 'range'],
  ['a snapshot that ends elsewhere than it says', { ...snapshot(3), seq: 4 }, 'range'],
];

describe('check', () => {
  for (const [what, value] of VALID) {
    test(`lets ${what} through`, () => {
      assert.deepEqual(check(JSON.parse(JSON.stringify(value)), BODIES).ok, true);
    });
  }

  for (const [what, value, reason] of MALFORMED) {
    test(`refuses ${what}: ${reason}`, () => {
      const json = value === undefined ? value : JSON.parse(JSON.stringify(value));

      assert.deepEqual(check(json, BODIES), { ok: false, reason });
    });
  }
});
