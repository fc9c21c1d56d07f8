import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Conversation, event, result, sent, snapshot, tick } from './conversation.js';

/**
 * @param {Conversation} talk
 * @param {string} id
 */
const issue = (talk, id) => talk.feed({ type: 'command', id, name: 'note', args: { text: id } });

/** @param {Conversation} talk the ways that commands took since the last look */
const ways = (talk) => talk.take().flatMap((effect) => {
  if (effect.type === 'post') return [`post ${effect.id}`];
  if (effect.type !== 'send') return [];
  const { kind, id } = JSON.parse(effect.data);
  return kind === 'command' ? [`websocket ${id}`] : [];
});

/** @param {Conversation} talk */
const states = (talk) => talk.state.commands.map(({ id, state }) => `${id} ${state}`);

test('sends over the WebSocket, and is done with the result', () => {
  const talk = new Conversation();
  const generation = talk.live();
  talk.take();

  issue(talk, 'a');

  assert.deepEqual(sent(talk.take()), [{ kind: 'command', id: 'a', name: 'note', args: { text: 'a' } }]);
  talk.says(generation, result('a'));
  assert.deepEqual(states(talk), ['a done']);
});

test('is failed when the server refuses, and says why', () => {
  const talk = new Conversation();
  const generation = talk.live();

  const error = { code: 'not_allowed', message: 'start it first' };

  issue(talk, 'a').says(generation, result('a', { ok: false, error }));

  assert.deepEqual(talk.state.commands.map(({ state, why }) => [state, why]), [['failed', 'start it first']]);
});

test('asks again by a request with the same id when the WebSocket does not answer', () => {
  const talk = new Conversation();
  const generation = talk.live();
  issue(talk, 'a');
  assert.deepEqual(ways(talk), ['websocket a']);

  talk.wait(2000).says(generation, tick(0)).wait(1000);

  const posts = talk.take().flatMap((effect) => (effect.type === 'post' ? [[effect.id, JSON.parse(effect.body)]] : []));
  assert.deepEqual(posts, [['a', { id: 'a', name: 'note', args: { text: 'a' } }]]);
  assert.equal(talk.state.metrics.commands.retried, 1);
});

test('goes by a request when the link is no WebSocket', () => {
  const talk = new Conversation();
  talk.liveOnEventSource();

  assert.deepEqual(ways(issue(talk, 'a')), ['post a']);
});

test('goes by a request when the WebSocket has nothing recent to show', () => {
  const talk = new Conversation();
  talk.live();
  talk.wait(3100).take();

  assert.deepEqual(ways(issue(talk, 'a')), ['post a']);
});

test('is sent again after a reconnection, with the same id, and not before the new link has delivered', () => {
  const talk = new Conversation();
  const generation = talk.live();
  issue(talk, 'a').closes(generation).take();
  talk.wait(1000);
  const reopened = talk.theOpened();
  assert.deepEqual(ways(talk), []);

  talk.says(reopened.generation, tick(0));

  assert.deepEqual(ways(talk), ['websocket a']);
});

test('waits for its turn', () => {
  const talk = new Conversation();
  const generation = talk.live();
  issue(issue(talk, 'a'), 'b');
  assert.deepEqual(ways(talk), ['websocket a']);

  talk.says(generation, result('a'));

  assert.deepEqual(ways(talk), ['websocket b']);
});

test('is not sent by every message that comes while its answer is due', () => {
  const talk = new Conversation();
  const generation = talk.live();
  issue(talk, 'a').says(generation, event(1), tick(1));

  assert.deepEqual(ways(talk), ['websocket a']);
});

test('is unknown when it was sent and nobody answered', () => {
  const talk = new Conversation();
  talk.live();

  issue(talk, 'a').wait(10_000);

  assert.deepEqual(states(talk), ['a unknown']);
});

test('is failed when it could never be sent', () => {
  const talk = new Conversation();
  talk.closes(talk.live());
  issue(talk, 'a');
  for (let i = 0; i < 100; i += 1) for (const { generation } of talk.wait(100).opened()) talk.closes(generation);

  assert.deepEqual(states(talk), ['a failed']);
});

test('is known after all when the answer comes late', () => {
  const talk = new Conversation({ overrides: { liveness: 60_000 } });
  const generation = talk.live();
  issue(talk, 'a').wait(10_000);

  talk.says(generation, result('a'));

  assert.deepEqual(states(talk), ['a done']);
  assert.deepEqual([talk.state.metrics.commands.done, talk.state.metrics.commands.unknown], [1, 0]);
});

test('tries a request again that the network lost', () => {
  const talk = new Conversation();
  talk.liveOnEventSource();
  issue(talk, 'a');
  const { post } = talk.state.commands[0] ?? {};
  talk.take();

  talk.closes(post ?? 0, { reason: 'lost' }).wait(1000);

  assert.deepEqual(ways(talk), ['post a']);
});

for (const status of [409, 413, 422]) {
  test(`is failed when its request is refused with ${status}`, () => {
    const talk = new Conversation();
    talk.liveOnEventSource();
    issue(talk, 'a');

    talk.closes(talk.state.commands[0]?.post ?? 0, { reason: 'status', status });

    assert.deepEqual(states(talk), ['a failed']);
  });
}

test('tries again when the server is too busy', () => {
  const talk = new Conversation();
  const generation = talk.live();

  issue(talk, 'a').says(generation, { ...tick(0), kind: 'error', code: 'unavailable', message: 'later', id: 'a' });

  assert.deepEqual(states(talk), ['a pending']);
});

test('is failed at once when too many are waiting', () => {
  const talk = new Conversation({ overrides: { commandLimit: 2 } });
  talk.live();

  issue(issue(issue(talk, 'a'), 'b'), 'c');

  assert.deepEqual(states(talk), ['a pending', 'b pending', 'c failed']);
});

test('is failed at once when the client has stopped for good', () => {
  const talk = new Conversation();
  talk.closes(talk.live(), { code: 4401 });

  assert.deepEqual(states(issue(talk, 'a')), ['a failed']);
});

test('settles what is waiting when the client stops for good', () => {
  const talk = new Conversation();
  const generation = talk.live();
  issue(issue(talk, 'a'), 'b').closes(generation, { code: 4401 });

  assert.deepEqual(states(talk), ['a unknown', 'b failed']);
  assert.deepEqual(talk.state.timers, {});
});

test('is carried on after the page was put aside and came back', () => {
  const talk = new Conversation();
  talk.live();
  issue(talk, 'a').feed({ type: 'stop' }).take();
  talk.feed({ type: 'start' });
  talk.says(talk.theOpened().generation, snapshot(0));

  assert.deepEqual(ways(talk), ['websocket a']);
});
