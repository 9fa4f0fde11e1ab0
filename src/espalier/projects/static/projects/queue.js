/* A queue on this device for small things typed at the bedside: kept here first, then sent, each stored exactly once.

   Load it as a plain script (<script src defer>), or in a service worker with importScripts; it gives self.espQueue:

     put({kind, to, who, fields})  keeps one thing and returns it, with the number (id) under which the server stores it.
                                   kind: "idea", "tally", "figure" … ; to: the address that takes it; who: the mark of the
                                   signed-in person (data-who of <body>); fields: names and texts that are sent with it.
     waiting(who)                  resolves to what that person still has here, oldest first
     change(id, fields)            other words for what still waits; returns false where it is gone already
     remove(id)                    takes it out of the queue
     send()                        sends everything of whoever is signed in, in order; resolves to {sent, problem}

   It tells the page of every change with the event "espqueue" on self: detail {sent: entry and answer} or {problem: word},
   where the word is "off-line", "signed-out", "somebody-else", "later", or "" when all went well.

   The server's side (views/queueing.py): GET `to` answers {who, token}. POST `to` takes form fields: id, kind, who, made
   (when it was typed), edition (1, and one more for each change), fields…; it answers {stored: true}, the same however often
   it is sent. Only then is the thing forgotten here: an answer that is lost means that it is sent again, never that it is
   lost. 401, 409: kept, and told. 422: it will never be taken; it stays in the list with the reason, to be changed or removed.

   What one person typed is neither shown to nor sent for another who signs in on this device. */
(() => {
  "use strict";
  const NAME = "espalier-queue";
  const STORE = "waiting";
  const PATIENCE = 20_000; // milliseconds for one answer: after that it is sent again later
  const AGAIN = [3_000, 10_000, 30_000, 60_000];

  // ------------------------------------------------------------ what this device keeps
  let opened;
  function open() {
    opened ??= new Promise((resolve, reject) => {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id" });
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
      asked.onblocked = () => reject(new Error("blocked"));
    }).catch((error) => {
      opened = undefined;
      throw error;
    });
    return opened;
  }

  // Run one transaction; resolves only when it is on the disk.
  async function keep(mode, work) {
    const db = await open();
    return new Promise((resolve, reject) => {
      const act = db.transaction(STORE, mode, { durability: "strict" });
      let found;
      work(act.objectStore(STORE), (value) => (found = value));
      act.oncomplete = () => resolve(found);
      act.onerror = act.onabort = () => reject(act.error);
    });
  }

  function number() {
    if (self.crypto.randomUUID) return self.crypto.randomUUID();
    const b = self.crypto.getRandomValues(new Uint8Array(16));
    b[6] = (b[6] & 15) | 64;
    b[8] = (b[8] & 63) | 128;
    const hex = [...b].map((one) => one.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }

  async function put({ kind, to, who, fields }) {
    if (!who) throw new Error("nobody is signed in");
    const entry = { id: number(), kind, to, who, fields, made: new Date().toISOString(), order: performance.timeOrigin + performance.now(), edition: 1, refused: "" };
    await keep("readwrite", (store) => store.add(entry));
    tell({ problem: null });
    self.registration || navigator.serviceWorker?.ready.then((found) => found.sync?.register("espalier-queue")).catch(() => {});
    return entry;
  }
  async function all() {
    const found = await keep("readonly", (store, give) => {
      const asked = store.getAll();
      asked.onsuccess = () => give(asked.result);
    });
    return found.sort((a, b) => a.order - b.order);
  }
  const waiting = async (who) => (who ? (await all()).filter((one) => one.who === who) : []);

  // Change an entry as it stands now, not as it stood when the page was drawn.
  function alter(id, how) {
    return keep("readwrite", (store, give) => {
      give(false);
      const asked = store.get(id);
      asked.onsuccess = () => {
        if (!asked.result) return;
        const after = how(asked.result);
        if (after === null) store.delete(id);
        else if (after) store.put(after);
        give(Boolean(after) || after === null);
      };
    });
  }
  async function change(id, fields) {
    const done = await alter(id, (one) => ({ ...one, fields: { ...one.fields, ...fields }, edition: one.edition + 1, refused: "" }));
    tell({ problem: null });
    return done;
  }
  async function remove(id) {
    await alter(id, () => null);
    tell({ problem: null });
  }

  // ------------------------------------------------------------ sending
  async function ask(address, options) {
    const clock = new AbortController();
    const timer = setTimeout(() => clock.abort(), PATIENCE);
    try {
      const answer = await fetch(address, { ...options, signal: clock.signal, credentials: "same-origin", cache: "no-store", headers: { Accept: "application/json" } });
      const facts = (answer.headers.get("content-type") ?? "").includes("json") ? await answer.json() : {};
      return { status: answer.status, ...facts };
    } catch {
      return { status: 0 };
    } finally {
      clearTimeout(timer);
    }
  }

  async function post(entry, me) {
    const { id, kind, made, edition } = entry;
    const body = new URLSearchParams({ ...entry.fields, id, kind, made, edition, who: entry.who, csrfmiddlewaretoken: me.token });
    return ask(entry.to, { method: "POST", body });
  }

  // What an answer means for the queue: "" goes on; a word stops it and says why.
  async function settle(entry, answer) {
    if (answer.stored) {
      // Changed while it was on its way: the newer wording goes next, under the same number.
      await alter(entry.id, (now) => (now.edition > entry.edition ? undefined : null));
      tell({ sent: { entry, answer } });
      return "";
    }
    if (answer.status === 422) {
      const why = [answer.what, answer.to_do].filter(Boolean).join(" ") || "It was not taken.";
      await alter(entry.id, (now) => (now.edition > entry.edition ? undefined : { ...now, refused: why }));
      return "";
    }
    return { 0: "off-line", 401: "signed-out", 409: "somebody-else" }[answer.status] ?? "later";
  }

  async function deliver() {
    let sent = 0;
    let me;
    const tried = new Set();
    for (;;) {
      const next = (await all()).find((one) => !one.refused && (!me || one.who === me.who) && !tried.has(`${one.id} ${one.edition}`));
      if (!next) return { sent, problem: "" };
      if (!me) {
        me = await ask(next.to);
        if (!me.token) return { sent, problem: me.status === 0 ? "off-line" : "later" };
        if (!me.who) return { sent, problem: "signed-out" };
        if (next.who !== me.who) continue;
      }
      tried.add(`${next.id} ${next.edition}`);
      let answer = await post(next, me);
      if (answer.status === 403) {
        me = await ask(next.to); // an old token: once more with a fresh one
        if (me.token && me.who === next.who) answer = await post(next, me);
      }
      const problem = await settle(next, answer);
      if (problem) return { sent, problem };
      if (answer.stored) sent += 1;
    }
  }

  let running;
  let more = false;
  let timer;
  let failed = 0;
  // One sender at a time: in this page, and among all tabs where the browser can say so. Where it cannot, the server stores once.
  function send() {
    if (running) {
      more = true; // what was put in while the last was being sent must not be left behind
      return running;
    }
    running = (async () => {
      let done = { sent: 0, problem: "later" };
      do {
        more = false;
        try {
          const before = done.sent;
          done = await (self.navigator.locks ? self.navigator.locks.request(NAME, deliver) : deliver());
          done.sent += before;
        } catch {
          done.problem = "later"; // this device keeps nothing just now
        }
      } while (more);
      running = undefined;
      clearTimeout(timer);
      failed = ["off-line", "later"].includes(done.problem) ? failed + 1 : 0;
      if (failed && self.document) timer = setTimeout(send, AGAIN[Math.min(failed, AGAIN.length) - 1]);
      tell({ problem: done.problem });
      return done;
    })();
    return running;
  }

  function tell(detail) {
    self.dispatchEvent(new CustomEvent("espqueue", { detail }));
  }
  self.espQueue = { put, waiting, change, remove, send };
})();
