// Starts the NHS.UK parts, and again in whatever htmx swaps in. Every page works without this file.
import { startAll } from "./nhsuk-10.6.1/nhsuk.js";

const body = document.body;
body.classList.add("js-enabled", "nhsuk-frontend-supported");
startAll(document);

// After a swap: start the new parts, and take the reader to what went wrong or was done.
function settle(target) {
  const fresh = target.isConnected ? target : document;
  startAll(fresh);
  const problems = fresh.querySelector(".nhsuk-error-summary") || document.querySelector("main .nhsuk-error-summary");
  if (problems) {
    problems.setAttribute("tabindex", "-1");
    problems.focus();
    if (!document.title.startsWith("Error: ")) document.title = `Error: ${document.title}`;
    return;
  }
  document.title = document.title.replace(/^Error: /, "");
  fresh.querySelector("[data-focus]")?.focus();
}
body.addEventListener("htmx:afterSwap", (event) => settle(event.detail.target));

// Silence is the worst reply: say that nothing came back, and that what was typed is still there.
function sayLost() {
  const place = document.getElementById("messages");
  if (!place) return;
  const note = document.createElement("div");
  note.className = "esp-notice";
  const words = document.createElement("p");
  words.textContent = "That did not get through. What you typed is still here: check your connection and try again.";
  note.append(words);
  place.replaceChildren(note);
}
for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) body.addEventListener(name, sayLost);

// The menu folds away on a phone only when there is a script to unfold it.
const toggle = document.querySelector("[data-menu]");
if (toggle) {
  toggle.hidden = false;
  toggle.addEventListener("click", () => {
    toggle.setAttribute("aria-expanded", String(toggle.getAttribute("aria-expanded") !== "true"));
  });
}

// The place switcher closes like a menu: Escape, or a press anywhere else.
const place = document.querySelector("[data-switch]");
if (place) {
  place.addEventListener("toggle", () => {
    if (place.open) place.querySelector("input[type=search]").focus();
  });
  document.addEventListener("click", (event) => {
    if (place.open && !place.contains(event.target)) place.open = false;
  });
  place.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !place.open) return;
    place.open = false;
    place.querySelector("summary").focus();
  });
}

// What is typed in a longer form is kept every few seconds: with us, and in this tab; in this browser for good only where
// the person said that nobody else uses it. data-draft="off" keeps a form out; data-draft="server" keeps it off the device.
const who = body.dataset.who;
const OWN = `esp-own-device:${who}`;
const KEPT = "esp-draft:";
const stores = [];
for (const name of ["sessionStorage", "localStorage"]) {
  try {
    stores.push(window[name]);
  } catch {
    // What is typed is still kept with us.
  }
}
const isOwn = () => stores[1]?.getItem(OWN) === "yes";
function forget(but) {
  for (const store of stores)
    for (const key of Object.keys(store)) if (key.startsWith(KEPT) && !(but && key.startsWith(but))) store.removeItem(key);
}
// Somebody else's words do not stay: not after signing out, nor when the next person signs in. The page kept for off-line
// (data-shell) knows nobody: it forgets nothing, and reads who was signed in last.
if (!document.querySelector("[data-shell]")) {
  forget(who && `${KEPT}${who}:`);
  try {
    if (who) stores[1]?.setItem("esp-who", who);
    else stores[1]?.removeItem("esp-who");
  } catch {
    // Full: nothing can be typed off-line then.
  }
}
document.querySelector('form[action="/sign-out/"]')?.addEventListener("submit", () => forget());

function typedIn(form) {
  const found = {};
  for (const field of form.elements) {
    if (!field.name || field.disabled || ["hidden", "password", "file", "submit", "button"].includes(field.type)) continue;
    if (["checkbox", "radio"].includes(field.type) && !field.checked) continue;
    (found[field.name] ??= []).push(field.value);
  }
  return found;
}
function fillIn(form, fields) {
  const left = Object.fromEntries(Object.entries(fields).map(([name, values]) => [name, [...values]]));
  for (const field of form.elements) {
    if (!field.name || ["hidden", "password", "file", "submit", "button"].includes(field.type)) continue;
    if (["checkbox", "radio"].includes(field.type)) field.checked = (fields[field.name] ?? []).includes(field.value);
    else if (left[field.name]?.length) field.value = left[field.name].shift();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function keepDrafts(form, number) {
  const place = `${location.pathname}#${form.getAttribute("action") || number}`.slice(0, 400);
  const key = `${KEPT}${who}:${place}`;
  const local = form.dataset.draft === "server" ? undefined : isOwn() ? stores[1] : stores[0];
  const token = () => form.elements.csrfmiddlewaretoken?.value ?? "";
  let before = JSON.stringify(typedIn(form));
  let timer;
  const mark = document.createElement("input");
  Object.assign(mark, { type: "hidden", name: "draft", value: place });
  form.append(mark);

  function send(facts) {
    const data = new URLSearchParams({ csrfmiddlewaretoken: token(), place, ...facts });
    return fetch("/drafts/", { method: "POST", body: data, keepalive: true }).catch(() => {});
  }
  function save() {
    clearTimeout(timer);
    timer = undefined;
    const now = JSON.stringify(typedIn(form));
    if (now === before) return;
    before = now;
    try {
      local?.setItem(key, JSON.stringify({ fields: JSON.parse(now), at: new Date().toISOString() }));
    } catch {
      // Full: the copy with us is the one that counts.
    }
    send({ title: document.querySelector("h1")?.textContent.trim().slice(0, 200) ?? "", fields: now });
  }
  form.addEventListener("input", () => {
    timer ??= setTimeout(save, 2000);
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    timer = undefined;
    before = JSON.stringify(typedIn(form));
  });
  addEventListener("pagehide", () => timer && save());
  document.addEventListener("visibilitychange", () => document.hidden && timer && save());

  async function offer() {
    let kept = {};
    try {
      const answer = await fetch(`/drafts/?place=${encodeURIComponent(place)}`, { headers: { Accept: "application/json" } });
      if (answer.ok) kept = await answer.json();
    } catch {
      // No network: there is what this device kept.
    }
    if (kept.sent) for (const store of stores) store.removeItem(key);
    const here = JSON.parse(local?.getItem(key) ?? "null");
    if (here && (!kept.at || here.at > kept.at)) {
      kept = { ...here, said: new Date(here.at).toLocaleString("en-GB", { day: "numeric", month: "long", hour: "numeric", minute: "2-digit" }) };
    }
    if (!kept.fields || JSON.stringify(kept.fields) === JSON.stringify(typedIn(form))) return;
    const note = document.createElement("div");
    note.className = "esp-notice esp-notice--info esp-draft";
    note.setAttribute("role", "status");
    const words = document.createElement("p");
    words.textContent = `We kept what you typed on ${kept.said}. Only you can see it.`;
    const buttons = document.createElement("div");
    buttons.className = "nhsuk-button-group";
    for (const [text, act] of [
      ["Use it", () => fillIn(form, kept.fields)],
      ["Throw it away", () => (send({ do: "throw" }), stores.forEach((store) => store.removeItem(key)))],
    ]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "nhsuk-button nhsuk-button--secondary nhsuk-button--small";
      button.textContent = text;
      button.addEventListener("click", () => {
        act();
        note.remove();
        [...form.elements].find((field) => field.tagName === "TEXTAREA")?.focus();
      });
      buttons.append(button);
    }
    const inside = document.createElement("div");
    inside.append(words, buttons);
    note.append(inside);
    form.before(note);
  }
  offer();
}
if (who) {
  [...document.querySelectorAll('main form[method="post"]')].forEach((form, number) => {
    if (form.dataset.draft !== "off" && form.querySelector("textarea")) keepDrafts(form, number);
  });
}

const own = document.querySelector("[data-own-device]");
if (own && who && stores[1]) {
  const button = own.querySelector("button");
  own.hidden = false;
  const show = () => {
    button.textContent = isOwn() ? "Keep no copy on this device" : "Keep a copy on this device";
  };
  button.addEventListener("click", () => {
    if (isOwn()) {
      stores[1].removeItem(OWN);
      forget();
    } else stores[1].setItem(OWN, "yes");
    show();
  });
  show();
}

// Words that look like a patient's details are asked about as soon as a field is left.
document.addEventListener("change", async ({ target: field }) => {
  const place = document.querySelector(`[data-check-words="${field.id}"]`);
  const token = field.form?.elements.csrfmiddlewaretoken?.value;
  if (!place || !token || !who) return;
  if (!field.value.trim()) return place.replaceChildren();
  try {
    const body = new URLSearchParams({ csrfmiddlewaretoken: token, words: field.value.slice(0, 20000) });
    const answer = await fetch("/projects/check-words/", { method: "POST", body });
    place.textContent = answer.ok ? (await answer.json()).says : "";
  } catch {
    // The same rules look when the form is sent.
  }
});
