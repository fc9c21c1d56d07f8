import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { check, read, readPoll } from '../../../client/core/envelope.js';
import { timer } from '../../../client/timer.js';
import { event, result, snapshot, tick } from './conversation.js';

const LIMIT = 10_000;
const READER = { bodies: timer.bodies, maxLength: LIMIT };

/** @type {[string, unknown][]} */
const VALID = [
  ['a pong', tick(0, { kind: 'pong', echo: 17 })],
  ['a result', result('a')],
  ['a result that says no', result('a', { ok: false, error: { code: 'not_allowed', message: 'no' } })],
  ['an error', tick(0, { kind: 'error', code: 'malformed', message: 'what?' })],
  ['a goodbye', tick(0, { kind: 'goodbye', spread_ms: 2000 })],
  ['a field that is not known', tick(0, { mood: 'good' })],
];

/** @type {[string, unknown, string][]} */
const MALFORMED = [
  ['no object', [], 'schema'],
  ['null', null, 'schema'],
  ['an empty object', {}, 'schema'],
  ['a version as text', tick(0, { v: '1' }), 'schema'],
  ['another version', tick(0, { v: 2 }), 'version'],
  ['an unknown kind', tick(0, { kind: 'tock' }), 'kind'],
  ['a kind that every object has', tick(0, { kind: 'toString' }), 'kind'],
  ['an epoch that is no hex', tick(0, { epoch: 'xyz' }), 'range'],
  ['a number for an epoch', tick(0, { epoch: 12 }), 'schema'],
  ['a seq as text', tick(0, { seq: '0' }), 'schema'],
  ['a seq below zero', tick(-1), 'range'],
  ['a seq with a fraction', tick(0.5), 'range'],
  ['no time', tick(0, { server_ms: undefined }), 'schema'],
  ['a time beyond all dates', tick(0, { server_ms: 9e15 }), 'range'],
  ['no timer', tick(0, { timer: undefined }), 'schema'],
  ['an event with seq 0', event(0), 'range'],
  ['a result that is neither yes nor no', result('a', { ok: 1 }), 'range'],
  ['a result without an id', result('a', { id: undefined }), 'schema'],
];

describe('check', () => {
  for (const [what, value] of VALID) {
    test(`lets ${what} through`, () => {
      assert.deepEqual(check(JSON.parse(JSON.stringify(value)), timer.bodies).ok, true);
    });
  }

  for (const [what, value, reason] of MALFORMED) {
    test(`refuses ${what}: ${reason}`, () => {
      const json = value === undefined ? value : JSON.parse(JSON.stringify(value));

      assert.deepEqual(check(json, timer.bodies), { ok: false, reason });
    });
  }
});

describe('read', () => {
  /** @type {[string, unknown, string][]} */
  const grid = [
    ['binary data', new ArrayBuffer(4), 'binary'],
    ['a text that is too long', ' '.repeat(LIMIT + 1), 'size'],
    ['bytes that were no UTF-8', '{"v":1,"text":"\uFFFD"}', 'encoding'],
    ['half a message', JSON.stringify(tick(0)).slice(0, 20), 'parse'],
    ['two messages in one', `${JSON.stringify(tick(0))}${JSON.stringify(tick(0))}`, 'parse'],
    ['the empty text', '', 'parse'],
    ['a number beyond all numbers', JSON.stringify(tick(0)).replace('"seq":0', '"seq":1e309'), 'range'],
  ];
  for (const [what, data, reason] of grid) {
    test(`refuses ${what}: ${reason}`, () => {
      assert.deepEqual(read(data, READER), { ok: false, reason });
    });
  }

  test('gives the message of a valid text', () => {
    assert.deepEqual(read(JSON.stringify(tick(4)), READER), { ok: true, message: tick(4) });
  });

  test('survives very deep nesting', () => {
    assert.equal(read('['.repeat(9_000), READER).ok, false);
  });
});

describe('readPoll', () => {
  test('gives every message of the body, the bad ones as such', () => {
    const readings = readPoll(JSON.stringify({ messages: [event(1), { v: 1 }, tick(1)] }), READER);

    assert.deepEqual(readings.map(({ ok }) => ok), [true, false, true]);
  });

  for (const body of ['{}', '{"messages":{}}', '{"messages":[]}', '[]', 'null', '<html>']) {
    test(`takes ${body} for one bad message`, () => {
      assert.deepEqual(readPoll(body, READER).map(({ ok }) => ok), [false]);
    });
  }
});
