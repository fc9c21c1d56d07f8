import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

import { display } from '../../client/display.js';
import { languageOf } from '../../client/language.js';
import { TimerView } from '../../client/timer_view.js';
import { Conversation, event, result, snapshot } from './core/conversation.js';
import { FakeDocument } from './fake_document.js';

/** A page, and a client that is live with two events. */
function shown() {
  const document = new FakeDocument();
  const command = mock.fn();
  const view = new TimerView(/** @type {any} */ (document), command);
  const talk = new Conversation();
  const generation = talk.live(2);
  const render = () => view.render(display(talk.state, talk.now));
  render();
  /** @param {string} id */
  const element = (id) => document.getElementById(id) ?? assert.fail(`the page has no #${id}`);
  /** @param {string} name */
  const button = (name) =>
    document.querySelectorAll('[data-command]').find(({ dataset }) => dataset['command'] === name)
    ?? assert.fail(`the page has no button for ${name}`);
  return { view, command, talk, generation, render, element, button };
}

test('shows the time, the phase and the transport as text', () => {
  const { element } = shown();

  const texts = ['remaining', 'phase', 'connection'].map((id) => element(id).text);

  assert.deepEqual(texts, ['01:00', 'Ready to start', 'Live over WebSocket']);
});

test('gives evidence of all that is shown', () => {
  const { element } = shown();

  const { attributes } = element('timer');
  assert.deepEqual(Object.fromEntries(Object.entries(attributes).filter(([name]) => name.startsWith('data-'))), {
    'data-state': 'idle', 'data-remaining-ms': '60000', 'data-stale': 'fresh', 'data-transport': 'websocket',
    'data-connection': 'live', 'data-epoch': 'abc1', 'data-seq': '2', 'data-age-ms': '0', 'data-round': '1',
    'data-home': '0', 'data-away': '0',
  });
});

test('lists events newest first, each with its seq and name', () => {
  const { element } = shown();

  assert.deepEqual(element('events').children.map(({ dataset }) => dataset), [
    { seq: '2', name: 'noted' }, { seq: '1', name: 'noted' },
  ]);
});

test('keeps the entries of events that stay', () => {
  const { element, talk, generation, render } = shown();
  const [before] = element('events').children;

  talk.says(generation, event(3));
  render();

  assert.equal(element('events').children[1], before);
});

test('shows what became of a command', () => {
  const { element, talk, generation, render } = shown();
  const states = () => element('commands').children.map(({ dataset }) => dataset['commandState']);
  talk.feed({ type: 'command', id: 'a', name: 'start', args: {} });
  render();
  assert.deepEqual(states(), ['pending']);

  talk.says(generation, result('a'));
  render();

  assert.deepEqual(states(), ['done']);
});

test('says in a banner why it stopped for good', () => {
  const { element, talk, generation, render } = shown();
  assert.equal(element('banner').hidden, true);

  talk.closes(generation, { code: 4403 });
  render();

  assert.equal(element('banner').hidden, false);
  assert.match(element('banner-text').text, /not allowed/);
});

test('says that old data is old', () => {
  const { element, talk, view } = shown();

  view.render(display(talk.state, talk.now + 4000));

  assert.match(element('stale').text, /Not up to date/);
});

test('passes on what is pressed', () => {
  const { button, command } = shown();

  button('start').dispatchEvent(new Event('click'));
  button('score').dispatchEvent(new Event('click'));

  const commands = command.mock.calls.map(({ arguments: args }) => args);
  assert.deepEqual(commands, [['start', {}], ['score', { team: 'home', points: 1 }]]);
});

test('passes nothing on that the phase does not allow', () => {
  const { button, command } = shown();

  button('pause').dispatchEvent(new Event('click'));

  assert.equal(command.mock.callCount(), 0);
});

test('passes on a note and empties the field', () => {
  const { element, command } = shown();
  element('note').value = ' Corner kick ';

  element('note-form').dispatchEvent(new Event('submit', { cancelable: true }));

  assert.deepEqual(command.mock.calls[0]?.arguments, ['note', { text: 'Corner kick' }]);
  assert.equal(element('note').value, '');
});

test('says in the language of the reader what became of a command', () => {
  const document = new FakeDocument();
  const view = new TimerView(/** @type {any} */ (document), () => {}, languageOf(['fr']));
  const talk = new Conversation();
  talk.live();
  talk.feed({ type: 'command', id: 'a', name: 'start_round', args: {} });

  view.render(display(talk.state, talk.now));

  assert.equal(document.getElementById('commands')?.text, 'Manche suivante : en attente …');
});

test('tells who hears the page what happens in the game', () => {
  const { element, talk, generation, render } = shown();
  assert.equal(element('announcement').text, '');

  talk.says(generation, event(3, { text: 'Corner kick' }));
  render();

  assert.equal(element('announcement').text, 'Corner kick');
});

test('does not read out what happened before', () => {
  const { element, talk, generation, render } = shown();

  talk.says(generation, snapshot(9));
  render();

  assert.equal(element('announcement').text, '');
});

test('tells who hears the page that a command has failed', () => {
  const { element, talk, generation, render } = shown();
  talk.feed({ type: 'command', id: 'a', name: 'start', args: {} });

  talk.says(generation, result('a', { ok: false, error: { code: 'not_allowed', message: 'start it first' } }));
  render();

  assert.equal(element('announcement').text, 'Start: failed (start it first)');
});

test('lets the time fill its place, however long it is', () => {
  const { element, talk, generation, render } = shown();
  assert.equal(element('remaining').getAttribute('style'), '--characters: 5');

  const timer = { phase: 'idle', duration_ms: 6_000_000, remaining_ms: 6_000_000 };
  talk.says(generation, snapshot(3, { timer }));
  render();

  assert.equal(element('remaining').getAttribute('style'), '--characters: 6');
});
