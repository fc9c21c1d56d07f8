import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

import { ENDINGS, line, say } from '../../client/console_lines.js';
import { policy } from '../../client/core/close_codes.js';

const CODES = Array.from({ length: 4000 }, (_, i) => 1000 + i);

/** @type {[Parameters<typeof line>, string, string][]} */
const GRID = [
  [['falling_back', 'eventsource'], 'info', '🔄 Démarrage EventSource timer (fallback)'],
  [['connected', 'eventsource'], 'info', '✅ EventSource timer connecté'],
  [['received', 'eventsource'], 'debug', '📥 Message EventSource reçu'],
  [['failed', 'eventsource'], 'error', '❌ Erreur EventSource timer'],
  [['malformed', 'eventsource'], 'error', '❌ Erreur EventSource timer'],
  [['retrying', 'eventsource'], 'info', '🔄 Tentative de reconnexion EventSource'],
  [['spent', 'websocket', 'eventsource'], 'warn', '❌ Échec de reconnexion WebSocket, passage au mode EventSource'],
  [['spent', 'eventsource', 'polling'], 'warn', '❌ Échec de reconnexion EventSource, passage au mode HTTP polling'],
  [['climbed', 'websocket'], 'info', '⬆️ Retour au mode WebSocket'],
  [['climbed', 'eventsource'], 'info', '⬆️ Retour au mode EventSource'],
  [['connected', 'polling'], 'info', '✅ HTTP polling timer connecté'],
];

for (const [args, level, text] of GRID) {
  test(`${args.join(' ')} is said word for word`, () => {
    const said = line(...args);

    assert.deepEqual([said.level, said.console], [level, text]);
  });
}

test('the same is said to the reader in plain words', () => {
  const { words } = line('spent', 'websocket', 'eventsource');

  assert.equal(words, 'WebSocket does not get through; changing to EventSource');
});

test('single messages are not worth a word to the reader', () => {
  assert.equal(line('received', 'websocket').words, '');
});

test('a line goes to the console at its level, with the details after it', () => {
  const [error, info] = [mock.fn(), mock.fn()];
  const console = { debug: info, info, warn: info, error };

  const said = say(console, { line: 'failed', rung: 'eventsource', to: 'eventsource', details: { reason: 'lost' } });

  assert.deepEqual(error.mock.calls.map((call) => call.arguments), [['❌ Erreur EventSource timer', { reason: 'lost' }]]);
  assert.equal(info.mock.callCount(), 0);
  assert.equal(said.words, 'EventSource failed');
});

for (const code of CODES.filter((each) => policy(each) === 'terminal')) {
  test(`there are words for the reader when ${code} has ended it`, () => {
    assert.match(ENDINGS[code] ?? '', /\w/);
  });
}
