/**
 * All that is said about the connection: the line for the console, word for word what people search for, and the same
 * in plain words for the page. `{name}` is the transport's name, `{to}` that of the one it changes to.
 */

import { NAMES } from './core/ladder.js';

/**
 * @import { Rung } from './core/ladder.js'
 * @import { LineName, Said } from './core/state.js'
 */

/** @typedef {{level: 'debug' | 'info' | 'warn' | 'error', console: string, words: string}} Line */

const LINES = /** @satisfies {Record<LineName, Line>} */ ({
  starting: { level: 'info', console: '🔄 Démarrage {name} timer', words: 'Connecting over {name}' },
  falling_back: {
    level: 'info',
    console: '🔄 Démarrage {name} timer (fallback)',
    words: 'Connecting over {name} instead',
  },
  connected: { level: 'info', console: '✅ {name} timer connecté', words: 'Connected over {name}' },
  received: { level: 'debug', console: '📥 Message {name} reçu', words: '' },
  failed: { level: 'error', console: '❌ Erreur {name} timer', words: '{name} failed' },
  malformed: { level: 'error', console: '❌ Erreur {name} timer', words: '{name} delivered something unreadable' },
  retrying: { level: 'info', console: '🔄 Tentative de reconnexion {name}', words: 'Trying {name} again' },
  spent: {
    level: 'warn',
    console: '❌ Échec de reconnexion {name}, passage au mode {to}',
    words: '{name} does not get through; changing to {to}',
  },
  climbed: { level: 'info', console: '⬆️ Retour au mode {name}', words: 'Back on {name}' },
  unreachable: {
    level: 'warn',
    console: '⚠️ Réseau injoignable, {name} conservé',
    words: 'The network is gone; staying with {name}',
  },
  paused: { level: 'warn', console: '⏸️ Pause demandée par le serveur', words: 'The server asked to wait' },
  resyncing: {
    level: 'info',
    console: '🧩 Resynchronisation {name} timer',
    words: 'Something is missing; catching up',
  },
  stopped: { level: 'error', console: '⛔ Connexion timer arrêtée', words: 'Stopped for good' },
});

/**
 * @param {LineName} name
 * @param {Rung} rung
 * @param {Rung} [to]
 * @returns {Line}
 */
export function line(name, rung, to = rung) {
  const { level, console, words } = LINES[name];
  /** @param {string} text */
  const filled = (text) => text.replace('{name}', NAMES[rung]).replace('{to}', NAMES[to]);
  return { level, console: filled(console), words: filled(words) };
}

/**
 * Says it on the console.
 *
 * @param {Pick<Console, Line['level']>} console
 * @param {Said} said
 * @returns {Line} for the page
 */
export function say(console, { line: name, rung, to, details }) {
  const said = line(name, rung, to);
  console[said.level](said.console, details);
  return said;
}

/** @type {Readonly<Record<string, string>>} what the page tells its reader when the client has stopped for good */
export const ENDINGS = {
  4400: 'The server could not make sense of this page. Reload it.',
  4401: 'You are not signed in any more. Sign in and reload the page.',
  4403: 'You are not allowed to see this timer.',
  4410: 'This timer is gone for good.',
  version: 'The server speaks a newer language than this page. Reload the page.',
};
