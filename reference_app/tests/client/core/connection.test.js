import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Conversation, event, param, snapshot, tick } from './conversation.js';

test('counts a stream that opened as an attempt, and as a success when it has delivered', () => {
  const talk = new Conversation({ supported: ['eventsource'] }).feed({ type: 'start' });
  const counts = () => [talk.state.metrics.sse_attempts, talk.state.metrics.sse_successes];
  assert.deepEqual(counts(), [1, 0]);

  talk.says(talk.theOpened().generation, snapshot(0), tick(0));

  assert.deepEqual(counts(), [1, 1]);
});

describe('polling', () => {
  /** @returns {[Conversation, number]} a client live by polling, and the generation of its first poll */
  const polling = () => {
    const talk = new Conversation({ supported: [] }).feed({ type: 'start' });
    const { generation } = talk.theOpened();
    talk.answers(generation, snapshot(0));
    return [talk, generation];
  };

  test('asks once a second, and never while an answer is due', () => {
    const [talk] = polling();
    talk.wait(1000);
    const second = talk.theOpened();
    talk.wait(2500);

    assert.deepEqual(talk.opened(), []);
    talk.answers(second.generation, tick(0)).wait(0);
    assert.equal(param(talk.theOpened(), 'since'), 'abc1.0');
  });

  test('leaves out the late answer of an earlier poll', () => {
    const [talk, first] = polling();
    talk.wait(1000);

    talk.says(first, { messages: [event(1)] });

    assert.equal(talk.shown.seq, 0);
  });

  test('tries again when a poll hangs', () => {
    const [talk] = polling();

    talk.wait(1000).take();
    talk.wait(3500);

    assert.equal(talk.theOpened().rung, 'polling');
  });

  test('is failing when the body is no JSON', () => {
    const talk = new Conversation({ supported: [] }).feed({ type: 'start' });
    const { generation } = talk.theOpened();

    talk.says(generation, '<html>').closes(generation, { reason: 'done', status: 200 });

    assert.equal(talk.state.failures.polling, 1);
    assert.deepEqual(talk.state.metrics.malformed, { 'polling:parse': 1 });
  });
});
