import assert from "node:assert/strict";
import { test } from "node:test";

import { CallClient } from "../../static/js/call/call_client.js";

class FakeSocket {
  readyState = 0;
  bufferedAmount = 0;
  sent = [];

  open() {
    this.readyState = 1;
    this.onopen();
  }

  send(data) {
    this.sent.push(typeof data === "string" ? JSON.parse(data) : data);
  }

  hear(message) {
    this.onmessage({ data: typeof message === "object" && !(message instanceof ArrayBuffer) ? JSON.stringify(message) : message });
  }

  close(code) {
    this.readyState = 3;
    this.closedWith = code;
  }

  drop(code = 1006) {
    this.readyState = 3;
    this.onclose?.({ code });
  }
}

/** A client with sockets and timers in the test's hand. */
function dial(options = {}) {
  const world = { now: 0, sockets: [], timers: [], events: [], frames: [] };
  world.client = new CallClient({
    url: "ws://x",
    token: "secret",
    resumeWindowMs: 10_000,
    openSocket: () => {
      world.sockets.push(new FakeSocket());
      return world.sockets.at(-1);
    },
    now: () => world.now,
    setTimer: (work, ms) => {
      world.timers.push({ work, at: world.now + ms });
      return world.timers.at(-1);
    },
    clearTimer: (timer) => {
      world.timers = world.timers.filter((candidate) => candidate !== timer);
    },
    onEvent: (event) => world.events.push(event),
    onAudio: (frame) => world.frames.push(frame),
    ...options,
  });
  world.wait = (ms) => {
    const end = world.now + ms;
    for (;;) {
      const due = world.timers.filter((timer) => timer.at <= end).sort((left, right) => left.at - right.at)[0];
      if (!due) break;
      world.timers = world.timers.filter((timer) => timer !== due);
      world.now = due.at;
      due.work();
    }
    world.now = end;
  };
  world.types = () => world.events.map((event) => event.type);
  world.client.connect();
  return world;
}

function answered() {
  const world = dial();
  world.sockets[0].open();
  world.sockets[0].hear({ type: "state", state: "ringing", seq: 1 });
  world.sockets[0].hear({ type: "ready", seq: 2, now_ms: 0 });
  return world;
}

test("hello is the first message", () => {
  const world = dial();
  world.sockets[0].open();
  assert.deepEqual(world.sockets[0].sent, [{ type: "hello", token: "secret", resume_from: 0 }]);
});

test("no sound is sent before the call is answered", () => {
  const world = dial();
  world.sockets[0].open();
  assert.equal(world.client.sendAudio(new Int16Array(480), 0), false);
  world.sockets[0].hear({ type: "ready", seq: 1, now_ms: 0 });
  assert.equal(world.client.sendAudio(new Int16Array(480), 0), true);
  assert.equal(world.sockets[0].sent.at(-1).byteLength, 972);
});

test("sound is dropped, not heaped up, when the network is behind", () => {
  const world = answered();
  world.sockets[0].bufferedAmount = 100_000;
  assert.equal(world.client.sendAudio(new Int16Array(480), 0), false);
});

test("after a break it comes back and asks for what it has missed", () => {
  const world = answered();
  world.sockets[0].drop();
  assert.deepEqual(world.events.at(-1), { type: "socket_lost", giveUpAt: 10_000, attempt: 1 });
  world.wait(300);
  world.sockets[1].open();
  assert.deepEqual(world.sockets[1].sent, [{ type: "hello", token: "secret", resume_from: 2 }]);
  world.sockets[1].hear({ type: "state", state: "ringing", seq: 1 });
  world.sockets[1].hear({ type: "ready", seq: 3, now_ms: 400 });
  assert.deepEqual(world.types().slice(-2), ["socket_opened", "ready"]);
});

test("attempts grow rarer and end with the resume window", () => {
  const world = answered();
  world.sockets[0].drop();
  for (let attempt = 1; attempt < 12 && world.types().at(-1) !== "given_up"; attempt += 1) {
    world.wait(4_000);
    world.sockets.at(-1).drop();
  }
  assert.equal(world.events.at(-1).code, "connection_lost");
  assert.ok(world.sockets.length < 8);
  world.wait(60_000);
  assert.equal(world.types().at(-1), "given_up");
});

for (const [code, name] of [[4401, "call_token_invalid"], [4410, "call_over"], [4502, "upstream_unreachable"]]) {
  test(`close code ${code} is final: ${name}`, () => {
    const world = answered();
    world.sockets[0].drop(code);
    assert.equal(world.events.at(-1).code, name);
    world.wait(60_000);
    assert.equal(world.sockets.length, 1);
  });
}

test("a call that is open elsewhere is final for a newcomer", () => {
  const world = dial();
  world.sockets[0].open();
  world.sockets[0].hear({ type: "error", code: "call_taken", message: "m", retryable: false, seq: 1 });
  world.sockets[0].drop(4409);
  assert.equal(world.events.at(-1).code, "call_taken");
});

test("right after a break the other socket may be its own ghost: it tries again", () => {
  const world = answered();
  world.sockets[0].drop();
  world.wait(300);
  world.sockets[1].open();
  world.sockets[1].drop(4409);
  assert.equal(world.types().at(-1), "socket_lost");
});

test("after ended the close is no break", () => {
  const world = answered();
  world.sockets[0].hear({ type: "ended", reason: "idle", call_id: "c", seq: 3 });
  world.sockets[0].drop(1000);
  assert.equal(world.types().at(-1), "ended");
});

test("a server that falls silent counts as lost", () => {
  const world = answered();
  world.wait(5_000);
  assert.equal(world.sockets[0].sent.at(-1).type, "ping");
  world.wait(15_000);
  assert.equal(world.sockets[0].closedWith, 4000);
  assert.ok(world.types().includes("socket_lost"));
});

test("strange messages are passed over", () => {
  const world = answered();
  const before = world.events.length;
  world.sockets[0].hear("no json");
  world.sockets[0].hear(new ArrayBuffer(3));
  assert.equal(world.events.length, before);
  assert.deepEqual(world.frames, []);
});

test("close lets go of everything", () => {
  const world = answered();
  world.client.close();
  assert.equal(world.sockets[0].closedWith, 1000);
  assert.deepEqual(world.timers, []);
});
