import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Conversation, event, result, sent, snapshot, tick } from './conversation.js';

/** @param {Conversation} talk */
const resyncs = (talk) => sent(talk.take()).filter((message) => /** @type {any} */ (message).kind === 'resync');

test('applies a duplicate once, and counts it', () => {
  const talk = new Conversation();
  const generation = talk.live();

  talk.says(generation, event(1), event(1));

  assert.deepEqual(talk.shown.events, [1]);
  assert.equal(talk.state.metrics.duplicates_total, 1);
});

describe('the clock', () => {
  test('takes the first snapshot of a stream for the answer to its opening', () => {
    const talk = new Conversation();
    const { generation } = talk.feed({ type: 'start' }).theOpened();

    talk.wait(400).says(generation, snapshot(0, { server_ms: 5000 }));

    assert.deepEqual(talk.state.clock.samples, [{ offset: 5000 - (talk.now - 200), rtt: 400 }]);
  });

  test('learns from a later snapshot only that it was not sent after it came', () => {
    const talk = new Conversation();
    const generation = talk.live();

    talk.wait(400).says(generation, snapshot(0, { server_ms: 100 }));

    assert.equal(talk.state.clock.samples.length, 1);
  });
});

test('shows nothing before the first snapshot, and all that came meanwhile after it', () => {
  const talk = new Conversation().feed({ type: 'start' });
  const { generation } = talk.theOpened();

  talk.says(generation, event(1), event(3));
  assert.deepEqual(talk.shown.events, []);

  talk.says(generation, snapshot(2));
  assert.deepEqual(talk.shown.events, [1, 2, 3]);
});

test('asks for a snapshot when a tick contradicts what is shown', () => {
  const talk = new Conversation();
  const generation = talk.live();
  talk.take();

  talk.says(generation, tick(0, { timer: { phase: 'idle', duration_ms: 60_000, remaining_ms: 59_000 } }));

  assert.deepEqual(resyncs(talk), [{ kind: 'resync', since: '' }]);
});

describe('a new epoch', () => {
  test('starts afresh with its snapshot', () => {
    const talk = new Conversation();
    const generation = talk.live(3);

    talk.says(generation, snapshot(1, { epoch: 'abc2' }));

    assert.deepEqual([talk.state.cursor.epoch, talk.shown], ['abc2', { seq: 1, events: [1] }]);
  });

  test('is not left again for a late message of the old one', () => {
    const talk = new Conversation();
    const generation = talk.live(3);

    talk.says(generation, snapshot(1, { epoch: 'abc2' }), snapshot(3), event(4));

    assert.equal(talk.state.cursor.epoch, 'abc2');
  });

  test('makes the fate of commands under way unknown', () => {
    const talk = new Conversation();
    const generation = talk.live();
    talk.feed({ type: 'command', id: 'a', name: 'start', args: {} });

    talk.says(generation, snapshot(0, { epoch: 'abc2' }));

    assert.equal(talk.state.commands[0]?.state, 'unknown');
  });
});

describe('a malformed message', () => {
  test('is counted, left out, and followed by the next valid one', () => {
    const talk = new Conversation();
    const generation = talk.live();
    talk.take();

    talk.says(generation, '{"v":1,"kind":"ev');

    assert.deepEqual(talk.state.metrics.malformed, { 'websocket:parse': 1 });
    assert.equal(resyncs(talk).length, 1);
    talk.says(generation, event(1));
    assert.deepEqual(talk.shown.events, [1]);
  });

  test('costs the link when it is the third within ten seconds', () => {
    const talk = new Conversation();
    const generation = talk.live();

    talk.says(generation, '1', '2', '3');

    assert.equal(talk.state.link, null);
    assert.equal(talk.state.failures.websocket, 1);
  });

  test('is forgiven when the others are long ago', () => {
    const talk = new Conversation();
    const generation = talk.live();

    talk.says(generation, '1', '2', tick(0));
    for (let second = 0; second < 11; second += 1) talk.wait(1000).says(generation, tick(0));
    talk.says(generation, '3');

    assert.equal(talk.state.link?.generation, generation);
  });

  test('of another protocol version is forgiven once', () => {
    const talk = new Conversation();
    const generation = talk.live();

    talk.says(generation, tick(0, { v: 2 }), tick(0), tick(0, { v: 2 }), tick(0));

    assert.equal(talk.state.connection, 'live');
  });

  test('of another protocol version stops the client when nothing else comes', () => {
    const talk = new Conversation().feed({ type: 'start' });
    const { generation } = talk.theOpened();

    talk.says(generation, snapshot(0, { v: 2 }), tick(0, { v: 2 }), tick(0, { v: 2 }));

    assert.equal(talk.state.connection, 'terminal');
    assert.equal(talk.state.terminal, 'version');
  });
});

test('does not take an answer to a command for news of the timer', () => {
  const talk = new Conversation();
  const generation = talk.live();
  const { confirmedAt } = talk.state;

  talk.wait(1000).says(generation, result('x', { seq: 5 }));

  assert.equal(talk.state.confirmedAt, confirmedAt);
  assert.equal(talk.state.catchup, null);
});

test('counts the time for which old data was shown', () => {
  const talk = new Conversation();
  const generation = talk.live();

  talk.wait(4500).says(generation, tick(0));

  assert.equal(talk.state.metrics.stale_ms_total, 1500);
});
