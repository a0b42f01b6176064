/**
 * The socket of one call: hello, resume after a break, pings, bounded sending. Sockets and timers are arguments, so that
 * tests need neither a network nor time.
 */

import { t } from "../lib/i18n.js";
import { decodeAudio, decodeMessage, encodeAudio } from "./wire.js";

const PING_EVERY_MS = 5_000;
const SILENT_FOR_MS = 15_000;
const FIRST_WAIT_MS = 300;
const LONGEST_WAIT_MS = 4_000;
const MAXIMUM_WAITING_BYTES = 48_000; // one second of audio; older audio is of no use
const REASONS_TO_STOP = {
  4401: () => ["call_token_invalid", t("This call belongs to somebody else.")],
  4409: () => ["call_taken", t("This call is open in another tab or on another device.")],
  4410: () => ["call_over", t("This call is already over.")],
  4502: () => ["upstream_unreachable", t("The customer could not be reached.")],
};

export class CallClient {
  #options;
  #socket = null;
  #attempt = 0;
  #lostAt = null;
  #seq;
  #sequence = 0;
  #ready = false;
  #done = false;
  #timers = new Set();
  #lastHeardAt = 0;
  #answered = false;
  #pingId = 0;

  /**
   * `options`: `url`, `token`, `resumeFrom`, `resumeWindowMs`, `openSocket(url)`, `now()` in monotonic ms,
   * `setTimer(work, ms)`, `clearTimer(id)`, `onEvent(event)` for messages and the client's own events, `onAudio(frame)`.
   */
  constructor(options) {
    this.#options = { resumeFrom: 0, resumeWindowMs: 60_000, ...options };
    this.#seq = this.#options.resumeFrom;
  }

  get seq() {
    return this.#seq;
  }

  get ready() {
    return this.#ready;
  }

  connect() {
    const socket = this.#options.openSocket(this.#options.url);
    socket.binaryType = "arraybuffer";
    this.#socket = socket;
    this.#answered = false;
    socket.onopen = () => this.#opened(socket);
    socket.onmessage = ({ data }) => this.#received(socket, data);
    socket.onclose = ({ code }) => this.#closed(socket, code);
  }

  /** Sends a control message if the socket is open; returns whether it was. */
  send(message) {
    if (this.#socket?.readyState !== 1) return false;
    this.#socket.send(JSON.stringify(message));
    return true;
  }

  /** Sends one captured frame; drops it when the call is not answered or the network is behind. */
  sendAudio(pcm, capturedMs) {
    const socket = this.#socket;
    if (!this.#ready || socket?.readyState !== 1 || socket.bufferedAmount > MAXIMUM_WAITING_BYTES) return false;
    socket.send(encodeAudio(pcm, this.#sequence, capturedMs));
    this.#sequence += 1;
    return true;
  }

  /** Closes for good, without hanging up. */
  close() {
    this.#done = true;
    this.#ready = false;
    for (const timer of this.#timers) this.#options.clearTimer(timer);
    this.#timers.clear();
    this.#socket?.close(1000);
  }

  #opened(socket) {
    if (socket !== this.#socket) return;
    this.#lastHeardAt = this.#options.now();
    this.send({ type: "hello", token: this.#options.token, resume_from: this.#seq });
    this.#keepAlive(socket);
  }

  #received(socket, data) {
    if (socket !== this.#socket || this.#done) return;
    this.#lastHeardAt = this.#options.now();
    if (!this.#answered) {
      this.#answered = true;
      this.#options.onEvent({ type: "socket_opened" });
    }
    if (typeof data !== "string") {
      const frame = decodeAudio(data);
      if (frame) this.#options.onAudio(frame);
      return;
    }
    const message = decodeMessage(data);
    if (message) this.#heard(message);
  }

  #heard(message) {
    if (typeof message.seq === "number") {
      if (message.seq <= this.#seq) return;
      this.#seq = message.seq;
    }
    if (message.type === "ready") {
      this.#ready = true;
      this.#attempt = 0;
      this.#lostAt = null;
    } else if (message.type === "ended") {
      this.#done = true;
      this.#ready = false;
    }
    this.#options.onEvent(message);
  }

  #closed(socket, code) {
    if (socket !== this.#socket || this.#done) return;
    this.#ready = false;
    const stop = REASONS_TO_STOP[code];
    if (stop && !(code === 4409 && this.#mayBeOurOwnGhost())) return this.#giveUp(...stop());
    this.#reconnect();
  }

  /** Right after a break the server may still believe in the old socket; that passes. */
  #mayBeOurOwnGhost() {
    return this.#lostAt !== null && this.#attempt < 4;
  }

  #reconnect() {
    const now = this.#options.now();
    this.#lostAt ??= now;
    const giveUpAt = this.#lostAt + this.#options.resumeWindowMs;
    if (now >= giveUpAt) return this.#giveUp("connection_lost", t("Your connection was gone for too long."));
    this.#attempt += 1;
    this.#options.onEvent({ type: "socket_lost", giveUpAt, attempt: this.#attempt });
    const wait = Math.min(FIRST_WAIT_MS * 2 ** (this.#attempt - 1), LONGEST_WAIT_MS, giveUpAt - now);
    this.#after(wait, () => this.connect());
  }

  #giveUp(code, message) {
    this.#done = true;
    this.#options.onEvent({ type: "given_up", code, message });
  }

  /** A network that vanishes closes nothing: after a silence the socket counts as lost. */
  #keepAlive(socket) {
    this.#after(PING_EVERY_MS, () => {
      if (socket !== this.#socket || socket.readyState !== 1) return;
      if (this.#options.now() - this.#lastHeardAt > SILENT_FOR_MS) {
        socket.onclose = null;
        socket.close(4000);
        this.#closed(socket, 1006);
        return;
      }
      this.#pingId += 1;
      this.send({ type: "ping", id: this.#pingId });
      this.#keepAlive(socket);
    });
  }

  #after(ms, work) {
    const timer = this.#options.setTimer(() => {
      this.#timers.delete(timer);
      if (!this.#done) work();
    }, ms);
    this.#timers.add(timer);
  }
}
