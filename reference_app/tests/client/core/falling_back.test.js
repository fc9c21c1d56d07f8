import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Conversation, param, snapshot, tick } from './conversation.js';

/** @param {Conversation} talk */
const nextDelay = (talk) => Math.round((talk.state.timers['retry']?.due ?? NaN) - talk.now);

describe('the budget of a rung', () => {
  test('is spent by three failures, and one look at the network leads to the next rung', () => {
    // given a WebSocket that never opens
    const talk = new Conversation().feed({ type: 'start' });
    const rungs = [];
    for (let i = 0; i < 3; i += 1) {
      const { rung, generation } = talk.theOpened();
      rungs.push(rung);
      talk.closes(generation).wait(i < 2 ? 3000 : 0);
    }

    // then it asks whether the network is there
    const check = talk.theOpened();
    assert.deepEqual(rungs, ['websocket', 'websocket', 'websocket']);
    assert.deepEqual([check.rung, param(check, 'for')], ['polling', 'check']);

    // and with an answer steps down, at once
    talk.answers(check.generation, snapshot(0));
    assert.equal(talk.theOpened().rung, 'eventsource');
  });

  test('is not spent while the network is gone', () => {
    const talk = new Conversation().feed({ type: 'start' });
    talk.closes(talk.spend().generation, { reason: 'lost' });

    const rungs = new Set();
    for (let second = 0; second < 120; second += 1) {
      talk.wait(1000);
      for (const opened of talk.opened()) {
        if (param(opened, 'for') === 'live') rungs.add(opened.rung);
        talk.closes(opened.generation);
      }
    }

    assert.deepEqual([...rungs], ['websocket']);
  });

  test('is looked into once a second at most', () => {
    const talk = new Conversation().feed({ type: 'start' });
    const check = talk.spend();
    talk.random = 0;

    talk.closes(check.generation, { reason: 'lost' }).wait(200);
    talk.closes(talk.theOpened().generation);

    assert.deepEqual(talk.opened(), []);
    assert.equal(talk.state.failures.websocket, 2);
  });

  test('is whole again after a link that lasted', () => {
    const talk = new Conversation({ overrides: { liveness: 60_000 } });
    const generation = talk.live();

    talk.wait(5000).closes(generation);

    assert.equal(talk.state.failures.websocket, 0);
  });

  test('is not whole again after a link that delivered and died young', () => {
    const talk = new Conversation();
    const generation = talk.live();

    talk.wait(4900).closes(generation);

    assert.equal(talk.state.failures.websocket, 1);
  });

  test('is kept per rung', () => {
    const talk = new Conversation();
    talk.liveOnEventSource();

    assert.deepEqual(talk.state.failures, { websocket: 3, eventsource: 0, polling: 0 });
  });

  test('leads from the last rung back to the top, with new budgets', () => {
    const talk = new Conversation({ supported: ['websocket'] });
    talk.feed({ type: 'start' }).answers(talk.spend().generation, snapshot(0));
    for (let i = 0; i < 3; i += 1) {
      talk.closes(talk.theOpened().generation, { reason: 'status', status: 500 }).wait(3000);
    }

    assert.equal(talk.theOpened().rung, 'websocket');
    assert.deepEqual(talk.state.failures, { websocket: 0, eventsource: 0, polling: 0 });
  });
});

describe('the delay before the next attempt', () => {
  test('grows with every failure up to the cap', () => {
    const talk = new Conversation({ overrides: { budgets: { websocket: 99, eventsource: 3, polling: 3 } } });
    talk.feed({ type: 'start' });
    const delays = [];
    for (let i = 0; i < 8; i += 1) {
      talk.closes(talk.theOpened().generation);
      delays.push(nextDelay(talk));
      talk.wait(nextDelay(talk));
    }

    assert.deepEqual(delays, [350, 600, 1100, 2100, 4100, 8100, 10_100, 10_100]);
  });

  test('is spread over two seconds when the server restarts', () => {
    const talk = new Conversation();
    talk.closes(talk.live(), { reason: 'closed', code: 1012 });

    assert.equal(nextDelay(talk), 1100);
  });

  test('is spread as the goodbye says', () => {
    const talk = new Conversation();
    const generation = talk.live();

    talk.says(generation, { ...tick(0), kind: 'goodbye', spread_ms: 8000 }).closes(generation, { code: 1001 });

    assert.equal(nextDelay(talk), 4100);
  });

  test('leaves those who are still to come their time, when the server is not back yet', () => {
    const talk = new Conversation();
    talk.closes(talk.live(), { reason: 'closed', code: 1012 }).wait(1100);

    talk.closes(talk.theOpened().generation);

    assert.equal(nextDelay(talk), 1000 + 1100); // what is left of the first 2.1 s, and half of the next
  });

  test('is within its round also where a second goodbye asks for a wider one', () => {
    const talk = new Conversation();
    const generation = talk.live();
    talk.random = 0.99;
    talk.says(generation, { ...tick(0), kind: 'goodbye', spread_ms: 1000 }).closes(generation, { code: 1001 }).wait(1090);

    talk.closes(talk.theOpened().generation, { reason: 'closed', code: 1012 }); // two seconds, as it says no other

    assert.equal(nextDelay(talk), 10 + 100 + 1980); // what is left of the first 1.1 s, and nearly all of the next
    assert.equal(talk.state.round?.until, talk.now + 10 + 2100);
  });

  test('is that of a single client again once it was back', () => {
    const talk = new Conversation();
    talk.closes(talk.live(), { reason: 'closed', code: 1012 }).wait(1100);
    talk.says(talk.theOpened().generation, snapshot(0));

    talk.closes(talk.state.link?.generation ?? 0, { code: 1006 });

    assert.equal(nextDelay(talk), 600);
  });

  test('is spread after the end of a stream that worked', () => {
    const talk = new Conversation();
    talk.closes(talk.liveOnEventSource());

    assert.equal(nextDelay(talk), 1100);
  });

  test('comes after the time that the server asked to wait, for every kind of request', () => {
    const talk = new Conversation({ supported: [] }).feed({ type: 'start' });
    talk.closes(talk.theOpened().generation, { reason: 'status', status: 503, retryAfter: 30_000 });

    talk.feed({ type: 'visible' }).feed({ type: 'command', id: 'a', name: 'start', args: {} }).wait(29_900);

    assert.deepEqual(talk.take().filter(({ type }) => type === 'open' || type === 'post'), []);
    talk.wait(1200); // spread, since the server let go of others as well
    assert.equal(talk.opened().length, 1);
  });
});

describe('a close code', () => {
  for (const code of [4400, 4401, 4403, 4410]) {
    test(`${code} ends all attempts and is said on the page`, () => {
      const talk = new Conversation();
      talk.closes(talk.live(), { reason: 'closed', code }).take();

      talk.wait(120_000).feed({ type: 'online' }).feed({ type: 'visible' }).wait(120_000);

      assert.deepEqual(talk.opened(), []);
      assert.equal(talk.state.connection, 'terminal');
      assert.equal(talk.state.terminal, String(code));
      assert.deepEqual(talk.state.metrics.stream_errors, { 'websocket:closed': 1 });
    });
  }

  test('1009 has the command that was too big sent by a request, once', () => {
    const talk = new Conversation();
    const generation = talk.live();
    talk.feed({ type: 'command', id: 'a', name: 'note', args: { text: 'long' } }).take();

    talk.closes(generation, { code: 1009 }).wait(1000);
    talk.says(talk.state.link?.generation ?? NaN, snapshot(0));

    const effects = talk.take();
    assert.equal(effects.filter(({ type }) => type === 'post').length, 1);
    assert.equal(effects.some((effect) => effect.type === 'send' && effect.data.includes('command')), false);
  });

  test('1009 counts against the rung however long the link lived', () => {
    const talk = new Conversation({ overrides: { liveness: 60_000 } });
    const generation = talk.live();

    talk.wait(30_000).closes(generation, { code: 1009 });

    assert.equal(talk.state.failures.websocket, 1);
  });
});
