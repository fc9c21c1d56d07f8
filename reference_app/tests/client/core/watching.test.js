import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Conversation, closed, sent, snapshot, tick } from './conversation.js';

describe('a link that looks open', () => {
  test('is given up when it delivers nothing for the connect timeout', () => {
    const talk = new Conversation().feed({ type: 'start' }).wait(4000);

    assert.equal(talk.state.failures.websocket, 1);
  });

  test('is replaced without waiting for the other side when it falls silent', () => {
    const talk = new Conversation();
    talk.live();

    talk.wait(5400);

    assert.equal(talk.theOpened().rung, 'websocket');
  });
});

test('a link is kept when its messages were held up together with the page', () => {
  const talk = new Conversation();
  const generation = talk.live();

  talk.freeze(60_000).wait(50).says(generation, tick(0)).wait(1000);

  assert.equal(talk.state.link?.generation, generation);
});

describe('the browser wakes up:', () => {
  test('visible makes a planned attempt at once', () => {
    const talk = new Conversation();
    talk.closes(talk.live()).take();

    talk.feed({ type: 'visible' }).wait(100);

    assert.equal(talk.opened().length, 1);
  });

  test('visible replaces a link that has nothing recent to show', () => {
    const talk = new Conversation();
    const generation = talk.live();
    talk.freeze(60_000);

    talk.feed({ type: 'visible' }).take();
    talk.wait(100);

    const effects = talk.take();
    assert.deepEqual(closed(effects), [generation]);
    assert.equal(effects.filter(({ type }) => type === 'open').length, 1);
  });

  test('visible lets held-up messages in before it judges', () => {
    const talk = new Conversation();
    const generation = talk.live();
    talk.freeze(60_000);

    talk.feed({ type: 'visible' }).says(generation, tick(0)).wait(100);

    assert.deepEqual(talk.opened(), []);
  });

  test('offline replaces a link that shows no life for two seconds', () => {
    const talk = new Conversation();
    talk.live();

    talk.feed({ type: 'offline' }).wait(2500);

    assert.equal(talk.opened().length, 0, 'two seconds of silence are within the grace');
    talk.feed({ type: 'offline' }).wait(2000);
    assert.equal(talk.opened().length, 1);
  });

  test('online lets the back-off begin anew, and keeps the count of failures', () => {
    const talk = new Conversation().feed({ type: 'start' });
    for (let i = 0; i < 2; i += 1) talk.closes(talk.theOpened().generation).wait(3000 * (1 - i));

    talk.feed({ type: 'online' });

    assert.deepEqual([talk.state.retries, talk.state.failures.websocket], [0, 2]);
  });

  test('online ends the search for who is to blame: what failed had no network', () => {
    // given a WebSocket that failed until its budget was spent, and the request that asks whether anything answers
    const talk = new Conversation().feed({ type: 'start' });
    const check = talk.spend();

    // when the network is back, and the request gets through after all
    talk.feed({ type: 'online' });
    talk.answers(check.generation, snapshot(1)).wait(1000);

    // then the WebSocket is tried again
    assert.equal(talk.theOpened().rung, 'websocket');
  });

  test('online makes a planned attempt within a second', () => {
    const talk = new Conversation();
    talk.closes(talk.live()).take();
    talk.random = 0.99;

    talk.feed({ type: 'online' }).wait(1000);

    assert.equal(talk.opened().length, 1);
  });
});

test('pings for the time as soon as it is live, and takes only the answer to its own question', () => {
  const talk = new Conversation();
  const generation = talk.live();
  const liveAt = talk.now;
  talk.wait(0);
  const ping = /** @type {{kind: string, echo: number}} */ (sent(talk.take()).at(-1));

  talk.wait(20).says(generation, { ...tick(0), kind: 'pong', echo: ping.echo + 1, server_ms: 15 });
  assert.equal(talk.state.clock.samples.length, 1); // the snapshot's
  talk.says(generation, { ...tick(0), kind: 'pong', echo: ping.echo, server_ms: 15 });

  assert.deepEqual(talk.state.clock.samples.at(-1), { offset: 15 - (liveAt + 10), rtt: 20 });
});
