import assert from 'node:assert/strict';
import { test } from 'node:test';

import { NOWHERE, advance, judge, reopened, since } from '../../../client/core/cursor.js';

const AT_5 = { epoch: 'a', seq: 5, left: 'old' };

/** @type {[string, string, number, string][]} kind, epoch, seq, verdict */
const GRID = [
  ['snapshot', 'a', 4, 'stale'],
  ['snapshot', 'a', 5, 'apply'],
  ['snapshot', 'a', 9, 'apply'],
  ['event', 'a', 4, 'duplicate'],
  ['event', 'a', 5, 'duplicate'],
  ['event', 'a', 6, 'apply'],
  ['event', 'a', 7, 'gap'],
  ['tick', 'a', 4, 'stale'],
  ['tick', 'a', 5, 'confirm'],
  ['tick', 'a', 6, 'gap'],
  ['snapshot', 'b', 1, 'new-epoch'],
  ['event', 'b', 6, 'gap'],
  ['tick', 'b', 5, 'gap'],
  ['snapshot', 'old', 9, 'stale'],
  ['event', 'old', 6, 'stale'],
  ['tick', 'old', 5, 'stale'],
];

for (const [kind, epoch, seq, verdict] of GRID) {
  test(`${kind} ${epoch}.${seq} at a.5 is: ${verdict}`, () => {
    assert.equal(judge(AT_5, { kind, epoch, seq }), verdict);
  });
}

for (const [kind, verdict] of [['snapshot', 'apply'], ['event', 'gap'], ['tick', 'gap']]) {
  test(`the first ${kind} is: ${verdict}`, () => {
    assert.equal(judge(NOWHERE, { kind: kind ?? '', epoch: 'a', seq: 1 }), verdict);
  });
}

test('advancing within an epoch keeps the one before', () => {
  assert.deepEqual(advance(AT_5, { kind: 'event', epoch: 'a', seq: 6 }), { epoch: 'a', seq: 6, left: 'old' });
});

test('advancing to another epoch remembers the one that was left', () => {
  assert.deepEqual(advance(AT_5, { kind: 'snapshot', epoch: 'b', seq: 0 }), { epoch: 'b', seq: 0, left: 'a' });
});

test('a connection opened anew may bring back any epoch', () => {
  assert.equal(judge(reopened(AT_5), { kind: 'snapshot', epoch: 'old', seq: 9 }), 'new-epoch');
});

test('the position is written as the server takes it', () => {
  assert.deepEqual([since(AT_5), since(NOWHERE)], ['a.5', null]);
});
