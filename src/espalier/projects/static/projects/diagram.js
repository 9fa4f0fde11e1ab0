// Keys and dragging for the outline of a picture. Without this file every button is an ordinary form.
// Each change is the same request as the button's; the answer's page is put in place of this one's picture and outline.
const page = document.getElementById("diagram");
if (page && "may" in page.dataset) start();

function start() {
  const home = page.dataset.href;
  let typing = false; // Tab moves the box in and out only while this is on; Escape ends it
  let queue = Promise.resolve(); // whoever types faster than the network loses nothing: one thing after the other
  const then = (act) => (queue = queue.then(act, act));

  async function take(request, focus) {
    let answer;
    try {
      answer = await request();
      if (!(answer.headers.get("Content-Type") ?? "").startsWith("text/html")) throw new TypeError("no page");
    } catch {
      say("That did not get through. What you typed is still here: check your connection and try again.");
      const sent = page.querySelector("#new-words[data-sent]");
      if (sent) sent.value = sent.dataset.sent + sent.value;
      delete sent?.dataset.sent;
      return false;
    }
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = fresh.getElementById("diagram");
    if (!found) return location.assign(answer.url);
    const meanwhile = page.querySelector("#new-words[data-sent]")?.value ?? "";
    page.replaceChildren(...found.childNodes);
    if (meanwhile && field()?.id === "new-words") field().value = [field().value, meanwhile].filter(Boolean).join(" ");
    document.getElementById("messages")?.replaceChildren(...(fresh.getElementById("messages")?.childNodes ?? []));
    const problems = fresh.querySelector(".nhsuk-error-summary");
    document.querySelector("main .nhsuk-error-summary")?.remove();
    if (problems) page.before(problems);
    document.title = fresh.title;
    history.replaceState(null, "", answer.ok ? answer.url : home);
    prepare();
    const at = problems && typing ? field() : null; // whoever types goes on typing: the summary is read out all the same
    at?.setSelectionRange(at.value.length, at.value.length);
    (at ?? (problems ? (problems.tabIndex = -1, problems) : null) ?? focus?.() ?? page.querySelector("#new-words[data-typed], #words"))?.focus();
    return answer.ok;
  }
  const get = (address, focus) => take(() => fetch(new URL(address, location.origin + home)), focus);
  const post = (data, focus) => take(() => fetch(home, { method: "POST", body: data }), focus);
  const link = (pk) => () => page.querySelector(`#box-${pk} > .esp-boxes__row a`) ?? page.querySelector(".esp-boxes__row a");
  const field = () => page.querySelector("#new-words") ?? page.querySelector("#words");
  const facts = (given) => {
    const data = new URLSearchParams({ csrfmiddlewaretoken: page.querySelector("[name=csrfmiddlewaretoken]").value });
    for (const [name, value] of Object.entries(given)) if (value != null && value !== "") data.set(name, value);
    return data;
  };

  function say(text) {
    const words = document.createElement("p");
    const note = document.createElement("div");
    words.textContent = text;
    note.className = "esp-notice";
    note.append(words);
    document.getElementById("messages")?.replaceChildren(note);
  }

  // What the keys do stands above the list; while Tab moves boxes it says so right where one types.
  function prepare() {
    const keys = page.querySelector("#keys");
    if (keys && matchMedia("(hover: hover)").matches) {
      keys.innerHTML =
        "Choose a box to change it. Keys: <kbd>↑</kbd> <kbd>↓</kbd> go from box to box, <kbd>Enter</kbd> opens one, <kbd>F2</kbd> types in one, " +
        "<kbd>Alt</kbd> <kbd>↑</kbd> <kbd>↓</kbd> move it. Or drag it. Please no patient details.";
    }
    for (const box of page.querySelectorAll(".esp-outline .esp-boxes .esp-boxes__box")) {
      const row = box.querySelector(":scope > .esp-boxes__row");
      for (const one of row.querySelectorAll("a")) one.draggable = false;
      box.draggable = !(box.classList.contains("esp-boxes__box--aim") || box.querySelector(":scope > .esp-boxes__open"));
    }
    const fresh = page.querySelector("[data-new]");
    if (fresh?.querySelector("[name=beside]")) typing = true;
    else if (!page.querySelector("#open")) typing = false;
    show();
  }
  function show() {
    page.querySelector(".esp-boxes__mode")?.remove();
    const at = field()?.closest("form");
    if (!typing || !at) return;
    const mode = document.createElement("p");
    mode.className = "esp-boxes__mode";
    mode.id = "mode";
    mode.textContent = "Typing: Enter for the next box, Tab one level in, Shift and Tab one level out, Escape to stop.";
    at.prepend(mode);
    field().setAttribute("aria-describedby", [field().getAttribute("aria-describedby"), "mode"].filter(Boolean).join(" "));
  }

  page.addEventListener("submit", (event) => {
    event.preventDefault();
    const form = event.target;
    if (form.matches("[data-new]") && form.elements.beside) return addNew(form);
    const data = new FormData(form, event.submitter);
    const what = data.get("do");
    if (what === "add" && !String(data.get("words")).trim()) return close(data.get("box"));
    const pk = data.get("box");
    const to = what === "add" ? () => page.querySelector("#new-words") ?? page.querySelector("#below-words") : what === "save" && !data.get("next") ? link(pk) : what === "remove" || what === "undo" ? link(0) : undefined;
    const same = ["up", "down", "in", "out"].includes(what) ? () => page.querySelector(`[data-moves] [value="${what}"]`) ?? page.querySelector("[data-moves] button") : to;
    then(() => post(new URLSearchParams(data), same));
  });

  // The field is free for the next box at once; what is typed before the answer comes goes into the next one's field.
  function addNew(form) {
    const { words, box } = form.elements;
    const text = words.value;
    if (!text.trim()) return words.dataset.sent === undefined ? close(box.value) : undefined;
    words.dataset.sent = (words.dataset.sent ?? "") + text;
    words.value = "";
    return then(() => {
      const at = field();
      if (at?.id !== "new-words") return undefined;
      if (at !== words && at.defaultValue) { // what went before was refused: it stands here again, and this comes after it
        at.value = `${at.value} ${text}`;
        return undefined;
      }
      at.dataset.sent ??= text;
      const data = new URLSearchParams(new FormData(at.form));
      data.set("words", text);
      return post(data, field);
    });
  }

  page.addEventListener("click", (event) => {
    const at = event.target.closest("a");
    if (!at || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || event.button) return;
    if (at.matches("[data-close]")) {
      event.preventDefault();
      close(at.closest("li")?.dataset.box);
    } else if (at.matches(".esp-boxes__row a, [data-moves] a")) {
      event.preventDefault();
      get(at.href, field);
    }
  });
  function close(pk) {
    typing = false;
    return get(home, link(pk));
  }

  page.addEventListener("keydown", async (event) => {
    const at = event.target;
    if (at.matches(".esp-boxes__row a")) return around(event, at);
    if (event.key === "Escape" && at.closest(".esp-boxes__open")) {
      event.preventDefault();
      const box = at.closest("li")?.dataset.box;
      if (typing && at.id === "words") {
        typing = false;
        return show();
      }
      return close(box);
    }
    if (at.id === "words" && event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      const data = new FormData(at.form);
      if (!at.closest("li").classList.contains("esp-boxes__box--aim")) data.set("next", "type");
      return post(new URLSearchParams(data), data.get("next") ? field : link(data.get("box")));
    }
    if (at.id === "words" && event.key === "F2") {
      typing = !typing;
      return show();
    }
    if (at.id === "new-words" && event.key === "Enter" && at.dataset.sent !== undefined) {
      event.preventDefault(); // the one before is still on its way
      return addNew(at.form);
    }
    if (event.key !== "Tab" || !typing || event.altKey || event.ctrlKey) return undefined;
    if (at.id === "new-words") {
      const way = event.shiftKey ? "out" : "in";
      if (at.dataset.sent === undefined && !at.form.dataset[way]) return undefined;
      event.preventDefault();
      then(async () => {
        const to = field()?.form.dataset[way];
        if (!to) return;
        field().dataset.sent = "";
        await get(to, field);
      });
    } else if (at.id === "words") {
      event.preventDefault();
      await inOrOut(at, event.shiftKey ? "out" : "in");
    }
    return undefined;
  });

  // In typing mode the words come along: they are saved first, then the box moves.
  async function inOrOut(at, how) {
    const box = at.form.elements.box.value;
    if (at.value !== at.defaultValue) {
      if (!(await post(new URLSearchParams(new FormData(at.form)), () => page))) return;
      await get(`?box=${box}`, field);
    }
    const form = page.querySelector("[data-moves]");
    if (!form?.querySelector(`[value="${how}"]`)) {
      typing = true;
      show();
      return;
    }
    const data = new URLSearchParams(new FormData(form));
    data.set("do", how);
    typing = true;
    await post(data, field);
    typing = true;
    show();
  }

  function around(event, at) {
    const all = [...page.querySelectorAll(".esp-boxes__row a")];
    const box = at.closest("li");
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && event.altKey && !box.classList.contains("esp-boxes__box--aim")) {
      event.preventDefault();
      post(facts({ do: step > 0 ? "down" : "up", box: box.dataset.box, seen: box.dataset.version, stay: 1 }), link(box.dataset.box));
    } else if (step && !event.altKey) {
      event.preventDefault();
      all[all.indexOf(at) + step]?.focus();
    } else if (event.key === "Home" || event.key === "End") {
      event.preventDefault();
      all.at(event.key === "Home" ? 0 : -1).focus();
    } else if (event.key === "F2") {
      event.preventDefault();
      typing = true;
      get(at.href, field).then(() => {
        typing = true;
        show();
      });
    }
  }

  // Dragging: near the upper edge of a box it lands before it, near the lower edge after it, in the middle below it.
  let dragged;
  const LOOKS = ["before", "after", "below"].map((where) => `esp-boxes__row--${where}`);
  const clear = () => page.querySelectorAll(".esp-boxes__row").forEach((row) => row.classList.remove(...LOOKS));
  page.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.(".esp-boxes__box");
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.querySelector(".data-name").textContent);
    dragged.classList.add("esp-boxes__box--dragged");
  });
  page.addEventListener("dragend", () => {
    dragged?.classList.remove("esp-boxes__box--dragged");
    dragged = undefined;
    clear();
  });
  function aimed(event) {
    const row = event.target.closest?.(".esp-boxes__row");
    const box = row?.closest(".esp-boxes__box");
    if (!dragged || !box || dragged.contains(box)) return undefined;
    const edge = row.getBoundingClientRect();
    const part = (event.clientY - edge.top) / edge.height;
    const top = box.classList.contains("esp-boxes__box--aim");
    const where = top ? "below" : part < 0.3 ? "before" : part > 0.7 ? "after" : "below";
    return { row, box, where };
  }
  page.addEventListener("dragover", (event) => {
    const to = aimed(event);
    clear();
    if (!to) return;
    event.preventDefault();
    to.row.classList.add(`esp-boxes__row--${to.where}`);
  });
  page.addEventListener("drop", (event) => {
    const to = aimed(event);
    if (!to) return;
    event.preventDefault();
    const own = dragged;
    const beside = [...(to.where === "below" ? to.box.querySelectorAll(":scope > .esp-boxes > li") : to.box.parentElement.children)].filter((one) => one !== own);
    const before = to.where === "below" ? beside.at(-1) : to.where === "after" ? to.box : beside[beside.indexOf(to.box) - 1];
    const parent = to.where === "below" ? to.box : to.box.parentElement.closest("li");
    post(
      facts({ do: "move", box: own.dataset.box, seen: own.dataset.version, parent: parent?.dataset.box, after: before?.dataset.box }),
      link(own.dataset.box),
    );
  });

  prepare();
}
