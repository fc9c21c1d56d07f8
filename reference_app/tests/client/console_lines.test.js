import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

import { line, say } from '../../client/console_lines.js';

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

test('a line goes to the console at its level, with the details after it', () => {
  const [error, info] = [mock.fn(), mock.fn()];
  const console = { debug: info, info, warn: info, error };

  say(console, { line: 'failed', rung: 'eventsource', to: 'eventsource', details: { reason: 'lost' } });

  assert.deepEqual(error.mock.calls.map((call) => call.arguments), [['❌ Erreur EventSource timer', { reason: 'lost' }]]);
  assert.equal(info.mock.callCount(), 0);
});
