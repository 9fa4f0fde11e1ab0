// Starts the NHS.UK parts, and again in whatever htmx swaps in. Every page works without this file.
import { startAll } from "./nhsuk-10.6.1/nhsuk.js";

const body = document.body;
body.classList.add("js-enabled", "nhsuk-frontend-supported");
startAll(document);

// After a swap: start the new parts, and take the reader to what went wrong (or to what was done).
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
