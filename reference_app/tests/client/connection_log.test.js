import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { heard, NOTHING_YET, seen } from '../../client/connection_log.js';
import { Conversation, event, snapshot, tick } from './core/conversation.js';

/**
 * A client, and the log of its connection: what it says and what it then knows goes into the log as the page does it.
 */
class Logged extends Conversation {
  log = NOTHING_YET;

  /** @param {import('../../client/core/state.js').Input} input */
  feed(input) {
    const before = this.history.length;
    super.feed(input);
    const known = { state: this.state, now: this.now, unixNow: this.now + 5e11 };
    const said = this.history.slice(before).filter((effect) => effect.type === 'say');
    for (const each of said) this.log = heard(this.log, each.said, known);
    this.log = seen(this.log, known);
    return this;
  }

  /** What the log is about, newest first. */
  get told() {
    return this.log.entries.map(({ what }) => what);
  }

  get newest() {
    return this.log.entries[0] ?? assert.fail('the log is empty');
  }
}

/** A client that was live, and has lost its WebSocket with this code. */
function lost(code = 1006) {
  const talk = new Logged();
  talk.closes(talk.live(2), { code });
  return talk;
}

/** @param {Logged} talk */
function reopens(talk) {
  return talk.wait(2000).theOpened().generation;
}

describe('the beginning', () => {
  test('is one entry, and has an end', () => {
    const talk = new Logged().feed({ type: 'start' });
    assert.deepEqual([talk.told, talk.newest.back], [['start'], undefined]);

    talk.wait(120);
    talk.says(talk.theOpened().generation, snapshot(0));

    assert.deepEqual(talk.told, ['start']);
    assert.deepEqual(talk.newest.back, { ms: 120, rung: 'websocket', missed: null, anew: false });
  });

  test('tells the time that people read', () => {
    const talk = new Logged().feed({ type: 'start' });

    assert.equal(talk.newest.at, talk.now + 5e11);
  });
});

describe('a loss', () => {
  test('says what was lost, and how', () => {
    const { what, rung, code, back } = lost(1011).newest;

    assert.deepEqual({ what, rung, code, back }, { what: 'lost', rung: 'websocket', code: 1011, back: undefined });
  });

  test('ends when data comes again, in the same entry', () => {
    const talk = lost();
    const generation = reopens(talk);
    assert.equal(talk.newest.back, undefined);

    talk.says(generation, snapshot(4));

    assert.deepEqual(talk.told, ['lost', 'start']);
    assert.deepEqual(talk.newest.back, { ms: 2000, rung: 'websocket', missed: 0, anew: false });
  });

  test('counts the attempts in vain', () => {
    const talk = lost();
    talk.closes(reopens(talk));
    talk.closes(reopens(talk), { status: 503 });

    assert.deepEqual([talk.told, talk.newest.count], [['lost', 'start'], 2]);
  });

  test('tells how many events will not come any more', () => {
    const talk = lost();
    const events = [8, 9].map((seq) => ({ seq, name: 'noted', at_ms: 0, text: 'late' }));

    talk.says(reopens(talk), snapshot(9, { events, oldest_seq: 8 }));

    assert.equal(talk.newest.back?.missed, 5);
  });

  test('misses nothing when the events that were missed come one by one', () => {
    const talk = lost();

    talk.says(reopens(talk), event(3), event(4));

    assert.equal(talk.newest.back?.missed, 0);
  });

  test('tells that the server has begun anew', () => {
    const talk = lost();

    talk.says(reopens(talk), snapshot(1, { epoch: 'def2' }));

    const { missed, anew } = talk.newest.back ?? {};
    assert.deepEqual({ missed, anew }, { missed: null, anew: true });
  });

  test('that ends on another rung says on which', () => {
    const talk = lost();
    talk.answers(talk.spend().generation, snapshot(2));
    talk.says(talk.theOpened().generation, snapshot(2));

    assert.deepEqual(talk.told, ['spent', 'lost', 'start']);
    assert.equal(talk.log.entries[1]?.back?.rung, 'eventsource');
  });

  test('of a link that only fell silent is told as well', () => {
    const talk = new Logged();
    talk.live();

    talk.freeze(4000).feed({ type: 'visible' }).wait(200);

    assert.deepEqual(talk.told, ['silent', 'start']);
  });
});

test('an unreachable server is mentioned once in each break', () => {
  const talk = new Logged({ overrides: { checkEvery: 0 } });
  talk.random = 0; // the next attempt comes as soon as may be
  talk.closes(talk.live());
  for (let i = 0; i < 3; i += 1) talk.closes(talk.spend().generation, { reason: 'lost' });

  assert.deepEqual(talk.told, ['unreachable', 'lost', 'start']);
});

describe('a server that does not answer', () => {
  test('is told from one that refuses', () => {
    const talk = lost();
    talk.closes(talk.spend().generation, { reason: 'lost' });

    assert.equal(talk.log.unanswered, false);
  });

  test('is known by a look for which the browser found no room', () => {
    const talk = lost();
    talk.spend();
    talk.wait(talk.state.options.pollTimeout);

    assert.equal(talk.log.unanswered, true);
  });

  test('is known by a stream that brings nothing', () => {
    const talk = lost();
    talk.answers(talk.spend().generation, snapshot(2));
    talk.wait(talk.state.options.connectTimeout);

    assert.equal(talk.log.unanswered, true);
  });

  test('is forgotten when it does', () => {
    const talk = lost();
    talk.spend();
    talk.wait(talk.state.options.pollTimeout);

    talk.says(reopens(talk), snapshot(2));

    assert.equal(talk.log.unanswered, false);
  });
});

test('a gap is open until it is closed', () => {
  const talk = new Logged();
  const generation = talk.live(1);
  talk.says(generation, event(4));
  assert.deepEqual([talk.told, talk.newest.back], [['gap', 'start'], undefined]);

  talk.wait(300).says(generation, event(2), event(3));

  assert.deepEqual([talk.told, talk.newest.back?.ms], [['gap', 'start'], 300]);
});

test('what could not be read is counted in one entry', () => {
  const talk = new Logged();
  const generation = talk.live();

  talk.says(generation, 'what?', 'what?');

  const { count } = talk.log.entries.find(({ what }) => what === 'malformed') ?? {};
  assert.deepEqual([talk.told.filter((what) => what === 'malformed').length, count], [1, 2]);
});

test('a wait that the server asked for says how long', () => {
  const talk = lost();
  talk.closes(reopens(talk), { status: 503, retryAfter: 7000 });

  const { ms } = talk.log.entries.find(({ what }) => what === 'paused') ?? {};
  assert.equal(ms, 7000);
});

test('a stop leaves what was open without an end', () => {
  const talk = lost();
  talk.closes(reopens(talk), { code: 4403 });

  assert.deepEqual(talk.told, ['stopped', 'lost', 'start']);
  assert.equal(talk.log.entries[1]?.back, null);
});

test('a page that is left and comes back says both', () => {
  const talk = new Logged();
  talk.live(1);
  talk.feed({ type: 'stop' }).wait(1000).feed({ type: 'start' });
  talk.says(talk.theOpened().generation, snapshot(1));

  assert.deepEqual(talk.told, ['start', 'left', 'start']);
  assert.equal(talk.newest.back?.missed, 0);
});

test('nothing new to tell leaves the log as it is', () => {
  const talk = new Logged();
  const generation = talk.live();
  const { log } = talk;

  talk.says(generation, tick(0));

  assert.equal(talk.log, log);
});

test('does not grow without end', () => {
  const talk = new Logged();
  let generation = talk.live();
  for (let i = 0; i < 80; i += 1) {
    talk.wait(0).closes(generation);
    generation = reopens(talk);
    talk.says(generation, snapshot(0));
    talk.wait(6000 - 2000).says(generation, tick(0)).wait(2000);
  }

  assert.equal(talk.log.entries.length, 50);
});
