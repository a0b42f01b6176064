import assert from "node:assert/strict";
import { test } from "node:test";

import { Autosave, NOT_SAVED, SAVED, SAVING } from "../../static/js/quiz/autosave.js";
import { Drafts } from "../../static/js/quiz/drafts.js";
import { QuizSession } from "../../static/js/quiz/session.js";
import { QuizWindow } from "../../static/js/quiz/window.js";

const BROKEN = { status: 0, code: "network" };
const refusal = (reason) => Object.assign(new Error(reason), { status: 400, reason });

/** Timers that run when they are told to, and the clock they run by. */
class Timers {
  #due = [];
  #number = 0;
  nowMs = 0;

  setTimeout = (run, ms) => this.#add({ run, at: this.nowMs + ms });
  setInterval = (run, ms) => this.#add({ run, at: this.nowMs + ms, every: ms });
  clearTimeout = (number) => {
    this.#due = this.#due.filter((each) => each.number !== number);
  };
  clearInterval = this.clearTimeout;

  #add(due) {
    this.#number += 1;
    this.#due.push({ ...due, number: this.#number });
    return this.#number;
  }

  /** Lets so much time pass, and everything happen that is due in it. */
  async pass(ms) {
    const end = this.nowMs + ms;
    await settle();
    for (;;) {
      const next = this.#due.filter((each) => each.at <= end).sort((left, right) => left.at - right.at)[0];
      if (!next) break;
      this.nowMs = next.at;
      if (next.every) next.at += next.every;
      else this.clearTimeout(next.number);
      next.run();
      await settle();
    }
    this.nowMs = end;
  }
}

async function settle() {
  for (let index = 0; index < 20; index += 1) await Promise.resolve();
}

class Storage extends Map {
  get length() { return this.size; }
  key(index) { return [...this.keys()][index]; }
  getItem(key) { return this.get(key) ?? null; }
  setItem(key, value) { this.set(key, value); }
  removeItem(key) { this.delete(key); }
}

/** The database's side: keeps what is saved, and hands in once. */
class Server {
  calls = [];
  saved = [];
  attempt = null;
  isDown = false;
  isDeaf = false; // takes what is sent, but the answer is lost
  refuses = {};

  constructor(timers, { minutes = null } = {}) {
    this.timers = timers;
    this.startMs = Date.parse("2026-11-24T10:00:00Z");
    this.deadlineMs = minutes === null ? null : this.startMs + minutes * 60_000;
  }

  get clock() {
    const now = new Date(this.startMs + this.timers.nowMs).toISOString();
    return { now, deadline_at: this.deadlineMs === null ? null : new Date(this.deadlineMs).toISOString() };
  }

  async rpc(name, values) {
    this.calls.push(name);
    if (this.isDown) throw BROKEN;
    if (this.refuses[name]) throw refusal(this.refuses[name]);
    const answer = this[name](values);
    if (this.isDeaf) throw BROKEN;
    return answer;
  }

  start_quiz({ window_id }) {
    this.window = window_id;
    const questions = ["one", "two"].map((id) => ({ id, question_text: id, question_type: "short_text", answers: [] }));
    return { sitting_id: "s", quiz_id: "q", questions, answers: this.saved, ...this.clock };
  }

  save_quiz_answers({ answers, window_id }) {
    if (window_id !== this.window) throw refusal("open_elsewhere");
    if (this.attempt) throw refusal("handed_in");
    this.saved = answers;
    return { saved_at: this.clock.now, ...this.clock };
  }

  submit_quiz({ answers, window_id }) {
    if (!this.attempt && window_id !== this.window) throw refusal("open_elsewhere");
    const was_submitted = Boolean(this.attempt);
    this.attempt ??= { attempt_id: "a", answers };
    return { ...this.attempt, was_submitted };
  }
}

async function begun({ storage = new Storage(), ...options } = {}) {
  const timers = new Timers();
  const server = new Server(timers, options);
  const session = await join(server, timers, storage);
  return { timers, server, storage, ...session };
}

async function join(server, timers, storage) {
  const events = [];
  const window = new QuizWindow({ storage: new Storage(), locks: null });
  const session = new QuizSession({ api: server, window, drafts: new Drafts(storage, () => 0), tick: () => timers.nowMs, timers });
  const kinds = ["save", "time", "more_time", "handing_in", "submitted", "elsewhere", "refused"];
  for (const kind of kinds) session.addEventListener(kind, ({ detail }) => events.push([kind, detail]));
  await session.start("q");
  return { session, events };
}

const kindsOf = (events) => events.map(([kind]) => kind);
const texts = (answers) => answers.map((answer) => answer.text);

test("what is changed quickly is saved once, and what changes meanwhile once more", async () => {
  const timers = new Timers();
  const states = [];
  let arrive;
  let saves = 0;
  const save = () => {
    saves += 1;
    return new Promise((resolve) => { arrive = resolve; });
  };
  const autosave = new Autosave({ save, onState: (state) => states.push(state), onRefused: assert.fail, timers });
  for (let index = 0; index < 5; index += 1) autosave.changed();
  await timers.pass(600);
  assert.equal(saves, 1);
  autosave.changed();
  await timers.pass(5_000);
  autosave.now();
  autosave.retry();
  await timers.pass(5_000);
  assert.equal(saves, 1, "one request at a time");
  arrive();
  await timers.pass(600);
  assert.equal(saves, 2);
  arrive();
  await timers.pass(0);
  assert.deepEqual([states.at(-1), states[0], autosave.isDirty], [SAVED, SAVING, false]);
});

test("answers are saved soon, and kept in the browser at once", async () => {
  const { session, server, storage, timers, events } = await begun();
  session.answer("one", "Refund");
  assert.equal(JSON.parse(storage.getItem("callx.quiz.s")).answers[0].text, "Refund");
  await timers.pass(1_000);
  assert.deepEqual(texts(server.saved), ["Refund"]);
  assert.deepEqual(JSON.parse(storage.getItem("callx.quiz.s")).unsaved, []);
  assert.deepEqual(events.at(-1), ["save", SAVED]);
});

test("over a lost line nothing is lost, and it is saved when the line is back", async () => {
  const { session, server, timers, events } = await begun();
  server.isDown = true;
  session.answer("one", "first");
  await timers.pass(1_000);
  assert.deepEqual(events.at(-1), ["save", NOT_SAVED]);
  session.answer("two", "second");
  await timers.pass(60_000);
  assert.deepEqual(server.saved, []);
  server.isDown = false;
  session.wake();
  await timers.pass(0);
  assert.deepEqual(texts(server.saved), ["first", "second"]);
  assert.deepEqual(events.at(-1), ["save", SAVED]);
});

test("a page that is loaded again goes on with what never arrived", async () => {
  const { session, server, storage, timers } = await begun();
  server.isDown = true;
  session.answer("one", "offline");
  await timers.pass(1_000);
  session.leave();
  server.isDown = false;
  const again = await join(server, timers, storage);
  await timers.pass(1_000);
  assert.equal(again.session.sitting.values.get("one"), "offline");
  assert.deepEqual(texts(server.saved), ["offline"]);
});

test("what is handed in over a bad line is one attempt", async () => {
  const { session, server, storage, timers, events } = await begun();
  session.answer("one", "Refund");
  server.isDown = true;
  const submitted = session.submit();
  await timers.pass(10_000);
  assert.deepEqual(events.at(-1), ["handing_in", { isWaiting: true, isTimeUp: false }]);
  server.isDown = false;
  server.isDeaf = true;
  session.wake();
  await timers.pass(4_000);
  assert.deepEqual(texts(server.attempt.answers), ["Refund"]);
  server.isDeaf = false;
  await timers.pass(4_000);
  await submitted;
  assert.deepEqual(events.at(-1), ["submitted", { ...server.attempt, was_submitted: true }]);
  assert.equal(storage.getItem("callx.quiz.s"), null);
  await timers.pass(600_000);
  assert.ok(!server.calls.slice(server.calls.lastIndexOf("submit_quiz") + 1).length, "nothing is asked afterwards");
});

test("a page that is loaded again while it hands in, hands in", async () => {
  const { session, server, storage, timers } = await begun();
  session.answer("one", "Refund");
  server.isDown = true;
  session.submit();
  await timers.pass(1_000);
  session.leave();
  server.isDown = false;
  const { events } = await join(server, timers, storage);
  await timers.pass(0);
  assert.equal(kindsOf(events).at(-1), "submitted");
  assert.deepEqual(texts(server.attempt.answers), ["Refund"]);
});

test("the time is told four times, and at its end everything is handed in", async () => {
  const { session, server, timers, events } = await begun({ minutes: 10 });
  session.answer("one", "Refund");
  await timers.pass(10 * 60_000 + 1_000);
  const told = events.filter(([kind]) => kind === "time").map(([, text]) => text);
  assert.deepEqual(told, ["5 minutes left", "1 minute left", "30 seconds left", "10 seconds left"]);
  assert.deepEqual(kindsOf(events).slice(-2), ["handing_in", "submitted"]);
  assert.deepEqual(events.findLast(([kind]) => kind === "handing_in")[1], { isWaiting: false, isTimeUp: true });
  assert.deepEqual(texts(server.attempt.answers), ["Refund"]);
});

test("time that is granted in the middle is honoured, also in the last second", async () => {
  const { server, timers, events } = await begun({ minutes: 1 });
  await timers.pass(59_500);
  server.deadlineMs += 60_000;
  await timers.pass(1_000);
  assert.equal(server.attempt, null);
  assert.ok(kindsOf(events).includes("more_time"));
  server.deadlineMs = null;
  await timers.pass(50_000);
  assert.equal(kindsOf(events).filter((kind) => kind === "more_time").length, 2);
  await timers.pass(600_000);
  assert.equal(server.attempt, null);
});

test("without a line at the end, it is handed in as soon as there is one", async () => {
  const { session, server, timers, events } = await begun({ minutes: 1 });
  server.isDown = true;
  session.answer("one", "late");
  await timers.pass(70_000);
  assert.deepEqual(events.at(-1), ["handing_in", { isWaiting: true, isTimeUp: true }]);
  server.isDown = false;
  await timers.pass(5_000);
  assert.equal(kindsOf(events).at(-1), "submitted");
});

test("the window that is not the newest stops, and overwrites nothing", async () => {
  const { session, server, storage, timers, events } = await begun();
  session.answer("one", "here");
  await timers.pass(1_000);
  const newer = await join(server, timers, storage);
  newer.session.answer("one", "there");
  await timers.pass(1_000);
  session.answer("one", "old");
  await timers.pass(1_000);
  assert.equal(kindsOf(events).at(-1), "elsewhere");
  assert.deepEqual(texts(server.saved), ["there"]);
});

test("what was handed in elsewhere is shown, not saved", async () => {
  const { session, server, timers, events } = await begun();
  server.attempt = { attempt_id: "a", answers: [] };
  session.answer("one", "x");
  await timers.pass(1_000);
  assert.equal(kindsOf(events).at(-1), "submitted");
});

test("a refusal that trying again does not mend is told", async () => {
  const { session, server, timers, events } = await begun();
  server.refuses.save_quiz_answers = "sitting_not_found";
  session.answer("one", "x");
  await timers.pass(1_000);
  assert.equal(kindsOf(events).at(-1), "refused");
  await timers.pass(60_000);
  assert.equal(server.calls.filter((name) => name === "save_quiz_answers").length, 1);
});

/** navigator.locks, as far as QuizWindow needs them. */
class Locks {
  #held = new Map();

  async query() {
    return { held: [...this.#held.keys()].map((name) => ({ name })) };
  }

  request(name, { steal }, work) {
    assert.ok(steal);
    this.#held.get(name)?.(new DOMException("stolen", "AbortError"));
    return new Promise((resolve, reject) => {
      const mine = reject;
      this.#held.set(name, mine);
      work().then(() => {
        if (this.#held.get(name) === mine) this.#held.delete(name);
        resolve();
      });
    });
  }
}

test("a tab that is loaded again is the same window, a copy of it is another", async () => {
  const [locks, tab] = [new Locks(), new Storage()];
  const first = new QuizWindow({ storage: tab, locks });
  let isTaken = false;
  first.hold("s", () => { isTaken = true; });
  const copy = new QuizWindow({ storage: tab, locks });
  assert.equal(await copy.wasHere("s"), false, "the tab it was copied from still has it");
  assert.notEqual(copy.id, first.id);
  first.release();
  await settle();
  const reloaded = new QuizWindow({ storage: tab, locks });
  assert.equal(await reloaded.wasHere("other"), false);
  assert.equal(await reloaded.wasHere("s"), true);
  assert.equal(reloaded.id, first.id);
  assert.equal(isTaken, false);
  reloaded.hold("s", () => { isTaken = true; });
  copy.hold("s", assert.fail);
  await settle();
  assert.equal(isTaken, true);
});

test("where there are no locks, the server alone knows", async () => {
  const tab = new Storage();
  const first = new QuizWindow({ storage: tab, locks: null });
  first.hold("s", assert.fail);
  const again = new QuizWindow({ storage: tab });
  assert.equal(await again.isHeldElsewhere("s"), false);
  assert.equal(await again.wasHere("s"), true);
  assert.match(again.id, /^[0-9a-f-]{36}$/);
});
