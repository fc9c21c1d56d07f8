import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Conversation, closed, event, param, sent, snapshot, tick } from './conversation.js';

/** @param {Conversation} talk */
const resyncs = (talk) => sent(talk.take()).filter((message) => /** @type {any} */ (message).kind === 'resync');

describe('a gap', () => {
  test('is closed by one resynchronisation, and what came meanwhile is applied after it', () => {
    // given a client at event 1
    const talk = new Conversation();
    const generation = talk.live(1);
    talk.take();
    // when event 2 is lost and 3 and 4 come
    talk.says(generation, event(3), event(4));
    // then neither is applied, and the missing one is asked for once
    assert.equal(talk.shown.seq, 1);
    assert.deepEqual(resyncs(talk), [{ kind: 'resync', since: 'abc1.1' }]);
    // and with the answer all are
    talk.says(generation, event(2));
    assert.deepEqual(talk.shown, { seq: 4, events: [1, 2, 3, 4] });
    assert.equal(talk.state.catchup, null);
  });

  test('is closed by a snapshot from before the latest event', () => {
    const talk = new Conversation();
    const generation = talk.live(1);

    talk.says(generation, event(4), snapshot(3));

    assert.deepEqual(talk.shown, { seq: 4, events: [1, 2, 3, 4] });
  });

  test('shows in a tick when the last event was lost', () => {
    const talk = new Conversation();
    const generation = talk.live(1);
    talk.take();

    talk.says(generation, tick(2));

    assert.equal(resyncs(talk).length, 1);
  });

  test('is asked for again when no answer comes, and a link that has none is dropped', () => {
    const talk = new Conversation();
    const generation = talk.live(1);
    talk.says(generation, event(3)).take();

    for (let second = 0; second < 8; second += 1) talk.wait(900).says(generation, event(3));

    const effects = talk.take();
    assert.equal(sent(effects).filter((message) => /** @type {any} */ (message).kind === 'resync').length, 2);
    assert.ok(closed(effects).includes(generation));
  });

  test('is not asked for sooner than a second after the one before', () => {
    const talk = new Conversation();
    const generation = talk.live(1);
    talk.says(generation, event(3), event(2)).take();

    talk.says(generation, event(5)).wait(900);

    assert.deepEqual(resyncs(talk), []);
    talk.wait(100);
    assert.equal(resyncs(talk).length, 1);
  });

  test('is asked for by a request beside an EventSource', () => {
    const talk = new Conversation();
    const generation = talk.liveOnEventSource(1);
    talk.says(generation, event(3));
    const request = talk.theOpened();

    assert.deepEqual([request.rung, param(request, 'for'), param(request, 'since')], ['polling', 'resync', 'abc1.1']);
    talk.answers(request.generation, event(2), event(3), tick(3));
    assert.deepEqual(talk.shown, { seq: 3, events: [1, 2, 3] });
  });

  test('reopens the stream when the request was answered by another instance', () => {
    const talk = new Conversation();
    const generation = talk.liveOnEventSource(1);
    talk.says(generation, event(3));

    talk.answers(talk.theOpened().generation, snapshot(0, { epoch: 'abc2' }));

    assert.equal(talk.state.cursor.epoch, 'abc1');
    assert.ok(closed(talk.take()).includes(generation));
  });

  test('leaves out an event that no log contains', () => {
    const talk = new Conversation();
    const generation = talk.live(1);

    talk.says(generation, event(99), snapshot(1), event(2));

    assert.deepEqual(talk.shown, { seq: 2, events: [1, 2] });
    assert.equal(talk.state.catchup, null);
  });

  test('keeps a bounded number of events', () => {
    const talk = new Conversation({ overrides: { bufferLimit: 2 } });
    const generation = talk.live(1);

    talk.says(generation, event(3), event(4), event(5), event(2));

    assert.equal(talk.shown.seq, 4);
  });
});
