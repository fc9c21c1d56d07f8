/**
 * @import { On, Transport } from './transport.js'
 */

/** @type {Transport} */
export const websocket = {
  isSupported: (scope) => typeof scope.WebSocket === 'function',

  open(url, on) {
    const address = new URL(url);
    address.protocol = address.protocol.replace('http', 'ws');
    const socket = new WebSocket(address);
    socket.onmessage = ({ data }) => on.message(data);
    socket.onclose = ({ code, reason }) => on.close({ reason: code === 1006 ? 'lost' : 'closed', code, text: reason });
    return {
      send(data) {
        if (socket.readyState === WebSocket.OPEN) socket.send(data);
      },
      close() {
        // a dead link answers no close frame for up to a minute, so nothing that it says later is waited for
        socket.onmessage = null;
        socket.onclose = null;
        socket.close(1000);
      },
    };
  },
};
