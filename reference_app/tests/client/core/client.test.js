import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Conversation, closed, event, param, snapshot, tick } from './conversation.js';

describe('step', () => {
  test('leaves the state it was given as it was', () => {
    const talk = new Conversation();
    const before = structuredClone(talk.state);
    const given = talk.state;

    talk.feed({ type: 'start' });

    assert.deepEqual(given, before);
  });

  test('gives the same effects when state, input, time and randomness are the same', () => {
    const [a, b] = [new Conversation(), new Conversation()];

    assert.deepEqual(a.feed({ type: 'start' }).effects, b.feed({ type: 'start' }).effects);
  });

  test('asks the top rung first, and says who it is and why it comes', () => {
    const talk = new Conversation().feed({ type: 'start' });

    const opened = talk.theOpened();

    assert.equal(opened.rung, 'websocket');
    assert.equal(opened.url, 'timer/ws?client=c1&attempt=1&for=live');
  });

  test('passes over a rung that the browser does not have', () => {
    const talk = new Conversation({ supported: ['eventsource'] }).feed({ type: 'start' });

    assert.equal(talk.theOpened().rung, 'eventsource');
  });

  test('opens one connection only while nothing goes wrong for two minutes', () => {
    const talk = new Conversation();
    const generation = talk.live();
    for (let second = 0; second < 120; second += 1) talk.wait(1000).says(generation, tick(0));

    assert.deepEqual(talk.opened(), []);
  });

  test('ignores the late close of a generation that is gone', () => {
    // given a link that was replaced by another
    const talk = new Conversation();
    const old = talk.live();
    talk.closes(old).wait(2000);
    talk.says(talk.theOpened().generation, tick(0)).take();

    // when the old one reports its end once more
    talk.closes(old).says(old, event(1)).wait(900);

    // then nothing comes of it
    assert.equal(talk.state.connection, 'live');
    assert.deepEqual(talk.opened(), []);
    assert.deepEqual(talk.shown.events, []);
  });

  test('ignores a timer that fires after it was replaced', () => {
    const talk = new Conversation();
    const generation = talk.live();
    const { token } = talk.state.timers['liveness'] ?? { token: 0 };
    talk.wait(4000).says(generation, tick(0)).wait(2000).take();

    talk.feed({ type: 'timer', name: 'liveness', token });

    assert.deepEqual(talk.take(), []);
  });
});

describe('the browser\'s signals', () => {
  test('stop closes every connection and leaves no timer', () => {
    const talk = new Conversation();
    const generation = talk.live();
    talk.take();

    talk.feed({ type: 'stop' });

    assert.deepEqual(closed(talk.take()), [generation]);
    assert.deepEqual(talk.state.timers, {});
  });

  test('stop while an attempt is planned leaves no timer', () => {
    const talk = new Conversation();
    talk.closes(talk.live());

    talk.feed({ type: 'stop' }).take();

    assert.deepEqual(talk.state.timers, {});
    assert.deepEqual(talk.wait(60_000).opened(), []);
  });

  test('start after stop comes back with the cursor', () => {
    const talk = new Conversation();
    talk.live(3);

    talk.feed({ type: 'stop' }).take();
    talk.feed({ type: 'start' });

    assert.equal(param(talk.theOpened(), 'since'), 'abc1.3');
  });

  test('a loss while the page is hidden is no failure of the rung', () => {
    const talk = new Conversation();
    const generation = talk.live();

    talk.feed({ type: 'hidden' }).closes(generation);

    assert.equal(talk.state.failures.websocket, 0);
  });
});

test('shows a snapshot that follows a stop and a new start', () => {
  const talk = new Conversation();
  talk.live(1);
  talk.feed({ type: 'stop' }).take();
  talk.feed({ type: 'start' });

  talk.says(talk.theOpened().generation, snapshot(2));

  assert.deepEqual(talk.shown, { seq: 2, events: [1, 2] });
});
