import type { SocketListener, SocketPort } from "./event-socket.ts";

/** A SocketPort over the browser's WebSocket. */
export function openBrowserSocket(url: string, listener: SocketListener): SocketPort {
  const socket = new WebSocket(url);
  socket.addEventListener("open", () => listener.opened());
  socket.addEventListener("message", (event) => {
    if (typeof event.data === "string") listener.received(event.data);
  });
  socket.addEventListener("close", (event) => listener.closed(event.code));
  return {
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close: () => socket.close(),
  };
}

/** The WebSocket address of a path on the page's own host. */
export function socketUrl(path: string): string {
  return `${location.protocol === "https:" ? "wss:" : "ws:"}//${location.host}${path}`;
}
