/**
 * All that is said about the connection on the console, word for word what people search for. `{name}` is the
 * transport's name, `{to}` that of the one it changes to.
 */

import { NAMES } from './core/ladder.js';

/**
 * @import { Rung } from './core/ladder.js'
 * @import { LineName, Said } from './core/state.js'
 */

/** @typedef {{level: 'debug' | 'info' | 'warn' | 'error', console: string}} Line */

const LINES = /** @satisfies {Record<LineName, Line>} */ ({
  starting: { level: 'info', console: '🔄 Démarrage {name} timer' },
  falling_back: { level: 'info', console: '🔄 Démarrage {name} timer (fallback)' },
  connected: { level: 'info', console: '✅ {name} timer connecté' },
  received: { level: 'debug', console: '📥 Message {name} reçu' },
  failed: { level: 'error', console: '❌ Erreur {name} timer' },
  malformed: { level: 'error', console: '❌ Erreur {name} timer' },
  retrying: { level: 'info', console: '🔄 Tentative de reconnexion {name}' },
  spent: { level: 'warn', console: '❌ Échec de reconnexion {name}, passage au mode {to}' },
  climbed: { level: 'info', console: '⬆️ Retour au mode {name}' },
  unreachable: { level: 'warn', console: '⚠️ Réseau injoignable, {name} conservé' },
  paused: { level: 'warn', console: '⏸️ Pause demandée par le serveur' },
  resyncing: { level: 'info', console: '🧩 Resynchronisation {name} timer' },
  stopped: { level: 'error', console: '⛔ Connexion timer arrêtée' },
});

/**
 * @param {LineName} name
 * @param {Rung} rung
 * @param {Rung} [to]
 * @returns {Line}
 */
export function line(name, rung, to = rung) {
  const { level, console } = LINES[name];
  return { level, console: console.replace('{name}', NAMES[rung]).replace('{to}', NAMES[to]) };
}

/**
 * Says it on the console.
 *
 * @param {Pick<Console, Line['level']>} console
 * @param {Said} said
 */
export function say(console, { line: name, rung, to, details }) {
  const said = line(name, rung, to);
  console[said.level](said.console, details);
}
