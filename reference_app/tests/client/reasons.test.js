import assert from 'node:assert/strict';
import { test } from 'node:test';

import { policy } from '../../client/core/close_codes.js';
import { languageOf } from '../../client/language.js';
import { stopWords, whyWords } from '../../client/reasons.js';
import { Conversation, snapshot } from './core/conversation.js';

const french = languageOf(['fr']);

/** What the core says of commands that it could not have carried out. */
function whys() {
  const talk = new Conversation();
  const generation = talk.live();
  const ids = Array.from({ length: 21 }, (_, i) => `c${i}`);
  for (const id of ids) talk.feed({ type: 'command', id, name: 'pause', args: {} });
  talk.says(generation, snapshot(0));
  talk.closes(generation, { code: 4403 });
  return new Set(talk.state.commands.map(({ why = '' }) => why));
}

test('every code that stops the client has words in every language', () => {
  const codes = Array.from({ length: 5000 }, (_, code) => code).filter((code) => policy(code) === 'terminal');

  assert.ok(codes.length >= 4);
  for (const why of [...codes.map(String), 'version']) assert.notEqual(stopWords(why, french), why);
});

test('says what to do about another version', () => {
  assert.match(stopWords('version', languageOf([])), /different versions. Reload the page/);
});

test('all that the core says of commands has words in every language', () => {
  const said = whys();

  assert.equal(said.size, 3);
  for (const why of said) assert.notEqual(whyWords(why, french), why);
});

test('what only the server knows is shown as the server says it', () => {
  assert.equal(whyWords('the timer is idle: start it first', french), 'the timer is idle: start it first');
  assert.equal(stopWords('closed', french), 'closed');
});
