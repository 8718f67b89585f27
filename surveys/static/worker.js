// The service worker of customers' pages. KEPT, which the server puts before this: the page for no network, its style and
// its script. Nothing else is kept: a form always comes fresh, with a seal of its own.
const CACHE = `koebako ${KEPT.join(" ")}`;

const forgetOlder = async () => {
  const older = (await caches.keys()).filter((name) => name.startsWith("koebako ") && name !== CACHE);
  await Promise.all(older.map((name) => caches.delete(name)));
};

const keep = async () => (await caches.open(CACHE)).addAll(KEPT);

const kept = (address) => caches.match(address, { cacheName: CACHE });

self.addEventListener("install", (event) => event.waitUntil(keep().then(() => self.skipWaiting())));

self.addEventListener("activate", (event) => event.waitUntil(forgetOlder().then(() => self.clients.claim())));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, search } = new URL(request.url);
  if (request.mode === "navigate" && request.method === "GET") {
    event.respondWith(fetch(request).catch((error) => kept(KEPT[0]).then((page) => page || Promise.reject(error))));
  } else if (KEPT.includes(pathname + search)) {
    event.respondWith(kept(request).then((found) => found || fetch(request)));
  }
});

const sendAll = async () => {
  // a promise that fails asks the browser to wake us again
  if ((await deliverAll()).left) throw new Error("some answers still wait");
};

self.addEventListener("sync", (event) => event.waitUntil(sendAll()));
