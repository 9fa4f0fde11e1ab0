// The page of ideas, off-line too: an idea is kept on this device before anything is sent. Without this file it is a form like any.
const queue = self.espQueue;
const form = document.querySelector("form[data-queue]");
const isShell = form?.hasAttribute("data-shell");
// Who is signed in: the page says it; the page for off-line knows nobody, and asks what this device noted last (ui/app.js).
function whoIsHere() {
  if (!isShell) return document.body.dataset.who ?? "";
  try {
    return localStorage.getItem("esp-who") ?? "";
  } catch {
    return "";
  }
}
const who = whoIsHere();
const field = form?.elements.words;
const box = document.querySelector("[data-waiting]");
const SAID = {
  "off-line": "There is no network. What stands here is sent by itself when you are back.",
  "signed-out": "You are signed out. What stands here is kept on this phone. Sign in to send it.",
  "somebody-else": "Somebody else is signed in. What stands here stays on this phone until you sign in again.",
  later: "We could not be reached. We try again by ourselves.",
};

function say(words, kind = "info") {
  const note = document.createElement("div");
  note.className = `esp-notice esp-notice--${kind}`;
  const line = document.createElement("p");
  line.textContent = words;
  note.append(line);
  document.getElementById("messages")?.replaceChildren(note);
}

function button(text, words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "nhsuk-button nhsuk-button--secondary nhsuk-button--small";
  made.textContent = text;
  const about = document.createElement("span");
  about.className = "nhsuk-u-visually-hidden";
  about.textContent = `: ${words.slice(0, 60)}`;
  made.append(about);
  made.addEventListener("click", act);
  return made;
}

// ------------------------------------------------------------ what waits
let editing = ""; // the number of the one that is being changed: what is typed must not be drawn away
async function draw() {
  if (!box || editing) return;
  const entries = await queue.waiting(who);
  box.hidden = entries.length === 0;
  box.querySelector("h2").textContent = `Waiting to be sent (${entries.length})`;
  const rows = entries.map((entry) => {
    const row = document.createElement("li");
    row.dataset.id = entry.id;
    show(row, entry);
    return row;
  });
  box.querySelector("[data-entries]").replaceChildren(...rows);
}

function show(row, entry) {
  const text = entry.fields.words ?? "";
  const words = document.createElement("p");
  words.className = "esp-idea__words";
  words.textContent = text;
  const does = document.createElement("div");
  does.className = "esp-idea__do";
  does.append(
    button("Change", text, () => edit(row, entry)),
    button("Remove", text, async () => {
      await queue.remove(entry.id);
      say("Removed from this phone.");
      (box.hidden ? field : box.querySelector("h2")).focus();
    }),
  );
  row.replaceChildren(words);
  if (entry.refused) {
    const why = document.createElement("p");
    why.className = "nhsuk-error-message";
    why.textContent = entry.refused;
    row.append(why);
  }
  row.append(does);
}

function edit(row, entry) {
  editing = entry.id;
  const label = document.createElement("label");
  label.className = "nhsuk-label nhsuk-label--s";
  label.htmlFor = `words-${entry.id}`;
  label.textContent = "Your idea";
  const area = document.createElement("textarea");
  Object.assign(area, { id: label.htmlFor, className: "nhsuk-textarea", rows: 3, maxLength: 1000, value: entry.fields.words });
  const does = document.createElement("div");
  does.className = "esp-idea__do";
  const leave = async () => {
    editing = "";
    await draw();
    box.querySelector("h2").focus();
  };
  does.append(
    button("Save", entry.fields.words, async () => {
      const words = area.value.trim();
      if (!words) return area.focus();
      const there = await queue.change(entry.id, { words });
      await leave();
      say(there ? "Changed." : "It had been sent already. Open it below to change it.");
      queue.send();
    }),
    button("Leave it as it was", entry.fields.words, leave),
  );
  row.replaceChildren(label, area, does);
  area.focus();
}

// ------------------------------------------------------------ what arrived
let fetching;
async function refresh() {
  const place = document.querySelector("[data-ideas]");
  if (!place) return;
  try {
    fetching ??= fetch(location.href, { credentials: "same-origin" }).finally(() => (fetching = undefined));
    const answer = await fetching;
    if (!answer.ok || answer.bodyUsed) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-ideas]");
    if (fresh && !place.contains(document.activeElement)) place.replaceWith(document.importNode(fresh, true));
  } catch {
    // The list below is a minute old: it comes with the next visit.
  }
}

let problem = "";
function why() {
  const line = box?.querySelector("[data-why]");
  if (!line) return;
  line.textContent = SAID[problem] ?? "";
  if (problem !== "signed-out") return;
  const link = document.createElement("a");
  link.href = "/sign-in/?next=/projects/ideas/";
  link.textContent = "Sign in";
  line.append(" ", link);
}
self.addEventListener("espqueue", ({ detail }) => {
  if (typeof detail.problem === "string") problem = detail.problem;
  why();
  draw();
  if (!detail.sent) return;
  const { entry, answer } = detail.sent;
  if (answer.words !== undefined && answer.edition > entry.edition) say("It had been changed elsewhere meanwhile. It stands below as it is now.");
  else say("Kept. Only you see it, until you share it.", "success");
  refresh();
});

if (queue && form && who) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const words = field.value.trim();
    if (!words) return field.focus();
    // Emptied at once: a second tap on the button must find nothing to keep a second time.
    field.value = "";
    const fields = { words };
    if (form.elements.unit) fields.unit = form.elements.unit.value;
    try {
      await queue.put({ kind: form.dataset.queue, to: form.dataset.to, who, fields });
    } catch {
      field.value = words;
      if (isShell) say("This browser keeps nothing, so it cannot be kept here. Copy it, and type it again when there is a network.");
      else form.submit(); // a form like any
      return;
    }
    field.focus();
    if (!navigator.onLine) say("Kept on this phone. It is sent when you are back in reach of the network.");
    await queue.send();
  });
  addEventListener("online", () => queue.send());
  document.addEventListener("visibilitychange", () => document.hidden || queue.send());
  draw();
  queue.send();
  if (location.hash === "#id_words") field.focus();
}
const nobody = document.querySelector("[data-nobody]");
if (nobody && !who) {
  nobody.hidden = false;
  form.hidden = true;
}
// Kept for when there is no network: this page without anything personal, and the files it needs.
navigator.serviceWorker?.register("/service-worker.js", { scope: "/projects/" }).catch(() => {});
