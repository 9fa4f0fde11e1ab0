{% autoescape false %}
// Opens the page of ideas where there is no network. What it keeps is the same for everybody: it is asked for without cookies.
"use strict";
const CACHE = "espalier-ideas-{{ version }}";
const FILES = {{ files }};
const SHELL = {{ shell }};
const IDEAS = "/projects/ideas/";
importScripts({{ sends }});

self.addEventListener("install", (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(CACHE);
      await cache.addAll(FILES);
      const page = await fetch(SHELL, { credentials: "omit", cache: "reload" });
      if (!page.ok) throw new Error("the page for off-line did not come");
      await cache.put(SHELL, page);
      await self.skipWaiting();
    })(),
  );
});
self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const old = (await caches.keys()).filter((name) => name.startsWith("espalier-") && name !== CACHE);
      await Promise.all(old.map((name) => caches.delete(name)));
      await self.clients.claim();
    })(),
  );
});
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (request.mode === "navigate" && address.pathname === IDEAS) {
    event.respondWith(fetch(request).catch(async () => (await caches.match(SHELL)) ?? Response.error()));
  } else if (FILES.includes(address.pathname)) {
    event.respondWith(caches.match(address.pathname).then((kept) => kept ?? fetch(request)));
  }
});
// Where the browser offers it: what waits is sent even when the page is closed.
self.addEventListener("sync", (event) => {
  if (event.tag !== "espalier-queue") return;
  event.waitUntil(
    self.espQueue.send().then(({ problem }) => {
      if (["off-line", "later"].includes(problem)) throw new Error(problem);
    }),
  );
});
{% endautoescape %}
