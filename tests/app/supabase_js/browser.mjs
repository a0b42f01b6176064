// What a page has and Node 20 has not, so that the client is made as pages make it, with nothing but URL and key.
import WebSocket from "ws";

const page = new EventTarget();
const kept = new Map();
Object.assign(globalThis, {
  WebSocket,
  window: globalThis,
  document: { visibilityState: "visible" },
  location: new URL("http://localhost:5173/"),
  addEventListener: page.addEventListener.bind(page),
  removeEventListener: page.removeEventListener.bind(page),
  localStorage: {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, String(value)),
    removeItem: (name) => void kept.delete(name),
    entries: () => [...kept],
  },
});
