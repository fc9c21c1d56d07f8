import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Conversation, closed, event, param, snapshot, tick } from './conversation.js';

/**
 * Keeps a link alive until a probe is opened.
 *
 * @param {Conversation} talk
 * @param {number} generation
 */
function untilProbe(talk, generation) {
  for (let second = 0; second < 120; second += 1) {
    talk.wait(1000).says(generation, tick(talk.shown.seq));
    const [opened] = talk.opened();
    if (opened !== undefined) return opened;
  }
  throw new assert.AssertionError({ message: 'no probe was opened' });
}

/** @returns {[Conversation, number]} a client that polls because nothing better gets through */
function polling() {
  const talk = new Conversation();
  talk.liveOnEventSource();
  talk.closes(talk.state.link?.generation ?? 0);
  talk.answers(talk.spend().generation, snapshot(0));
  const { generation } = talk.theOpened();
  talk.answers(generation, snapshot(0));
  return [talk, generation];
}

/** @param {Conversation} talk the rungs of the next probes that are opened and fail */
function nextProbes(talk, count = 4) {
  const rungs = [];
  while (rungs.length < count) {
    talk.wait(100);
    for (const { rung, generation, url } of talk.opened()) {
      if (!url.includes('for=probe')) talk.answers(generation, tick(0));
      else {
        rungs.push(rung);
        talk.closes(generation);
      }
    }
  }
  return rungs;
}

test('looks at the better rung beside the working link, with the cursor', () => {
  const talk = new Conversation();
  const generation = talk.liveOnEventSource(2);

  const probe = untilProbe(talk, generation);

  assert.deepEqual([probe.rung, param(probe, 'for'), param(probe, 'since')], ['websocket', 'probe', 'abc1.2']);
  assert.ok(!closed(talk.history).includes(generation));
});

test('changes over with the first valid message, and closes the old link then', () => {
  const talk = new Conversation();
  const old = talk.liveOnEventSource();
  const probe = untilProbe(talk, old);
  talk.take();

  talk.says(probe.generation, event(1));

  assert.deepEqual(closed(talk.take()), [old]);
  assert.deepEqual([talk.state.rung, talk.state.link?.generation], ['websocket', probe.generation]);
  assert.deepEqual(talk.shown, { seq: 1, events: [1] });
});

test('stays when the probe opens and keeps silent', () => {
  const talk = new Conversation();
  const old = talk.liveOnEventSource();
  const probe = untilProbe(talk, old);
  talk.take();

  for (let second = 0; second < 5; second += 1) talk.wait(1000).says(old, tick(0));

  assert.deepEqual(closed(talk.take()), [probe.generation]);
  assert.equal(talk.state.link?.generation, old);
});

test('ignores what the old link says after the change', () => {
  const talk = new Conversation();
  const old = talk.liveOnEventSource();
  talk.says(untilProbe(talk, old).generation, tick(0));

  talk.says(old, event(1));

  assert.equal(talk.shown.seq, 0);
});

test('goes straight back down when the climb does not last', () => {
  const talk = new Conversation();
  const probe = untilProbe(talk, talk.liveOnEventSource());
  talk.says(probe.generation, tick(0)).take();

  talk.closes(probe.generation);

  assert.equal(param(talk.theOpened(), 'for'), 'check');
});

test('tries the better rungs in turn, the top first', () => {
  const [talk] = polling();

  assert.deepEqual(nextProbes(talk), ['websocket', 'eventsource', 'websocket', 'eventsource']);
});

test('stops for good when the probe is refused for good', () => {
  const talk = new Conversation();
  const probe = untilProbe(talk, talk.liveOnEventSource());

  talk.closes(probe.generation, { code: 4401 });

  assert.equal(talk.state.connection, 'terminal');
});

test('does not probe from the top', () => {
  const talk = new Conversation();
  talk.live();

  assert.equal(talk.state.timers['probe'], undefined);
});

test('does not probe while the page is hidden', () => {
  const talk = new Conversation();
  const generation = talk.liveOnEventSource();
  talk.feed({ type: 'hidden' });

  for (let second = 0; second < 60; second += 1) talk.wait(1000).says(generation, tick(0));

  assert.deepEqual(talk.opened(), []);
});

test('does not probe while the server asked to wait', () => {
  const talk = new Conversation({ overrides: { liveness: 600_000 } });
  talk.liveOnEventSource();
  talk.feed({ type: 'command', id: 'a', name: 'start', args: {} });
  const end = { reason: 'status', status: 503, retryAfter: 60_000 };

  talk.closes(talk.state.commands[0]?.post ?? 0, end).wait(59_000);

  assert.deepEqual(talk.opened(), []);
});

test('counts a climb apart from reconnections', () => {
  const talk = new Conversation();
  talk.says(untilProbe(talk, talk.liveOnEventSource()).generation, tick(0));

  const { live_count: lives, upgrades, transport_switches: switches } = talk.state.metrics;

  assert.deepEqual([lives, upgrades, switches], [2, 1, { 'eventsource>websocket': 1 }]);
});
