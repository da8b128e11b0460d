// Answers when there is no network. VERSION and SHELL are written above by the server: the worker's bytes change with
// anything it keeps for the app itself. What the reader keeps (the shelf) is another cache, which no version touches.
"use strict";

const SHELF = "loa-shelf-1";
const SHELL_CACHE = `loa-shell-${VERSION}`;
const PAGES = "loa-pages-1";
const MOST_PAGES = 40;
const PATIENCE_MS = 6000;
const OUT = ["/desk", "/api/", "/feeds/", "/media/", "/pictures/", "/embed", "/oembed", "/sw.js", "/healthz", "/readyz", "/metrics"];
const ANY = { ignoreVary: true };

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(SHELL_CACHE);
    await cache.addAll(SHELL); // each address has one content, so what the page fetched is not paid for twice
    await self.skipWaiting(); // pages find what they need in either version: see `shell`
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("loa-shell-") && name !== SHELL_CACHE) await caches.delete(name);
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const request = event.request, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/media/")) {
    if (!url.search && (shelved?.has(url.pathname) ?? true)) event.respondWith(media(request));
  } else if (/^\/(static|player|icons)\//.test(url.pathname)) event.respondWith(shell(request, url));
  else if (!OUT.some((path) => url.pathname.startsWith(path)) && asksForPage(request)) event.respondWith(page(request, url));
});

// What the shelf keeps. Whether we answer is decided at once, so it is looked at beforehand; sounds that are not kept are
// the browser's own affair, which asks the network for ranges better than we do. null: not looked at yet, `media` looks.
let shelved = null;
const look = async () => {
  const kept = await (await caches.open(SHELF)).keys();
  shelved = new Set(kept.map((request) => new URL(request.url).pathname));
};
look().catch(() => {}); // no caches, nothing kept: `media` says so each time
self.addEventListener("message", (event) => { if (event.data === "shelf") event.waitUntil(look()); });

const asksForPage = (request) => request.mode === "navigate" || request.headers.get("Accept") === "text/html";

// Sound from the shelf, whole or the range asked for: seeking works without a network.
async function media(request) {
  const cache = await caches.open(SHELF);
  const found = await cache.match(request.url, ANY);
  if (!found) return fetch(request);
  const asked = request.headers.get("Range"), body = await found.blob(), type = found.headers.get("Content-Type");
  const headers = { "Content-Type": type, "Accept-Ranges": "bytes" };
  if (!asked) return new Response(body, { headers: { ...headers, "Content-Length": String(body.size) } });
  const range = rangeOf(asked, body.size);
  if (!range) return new Response(null, { status: 416, headers: { "Content-Range": `bytes */${body.size}` } });
  const [start, end] = range;
  return new Response(body.slice(start, end + 1, type), {
    status: 206,
    headers: { ...headers, "Content-Range": `bytes ${start}-${end}/${body.size}`, "Content-Length": String(end - start + 1) },
  });
}

// [first, last] byte of "bytes=a-b", "bytes=a-" or "bytes=-n" (RFC 9110); null for what cannot be given.
function rangeOf(text, size) {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(text.trim()) ?? [];
  if (!first && !last) return null;
  const start = first ? Number(first) : Math.max(0, size - Number(last));
  const end = first && last ? Math.min(Number(last), size - 1) : size - 1;
  return start <= end && start < size ? [start, end] : null;
}

// Styles, fonts and modules: kept ones first. Without a network another version of the same file is better than none.
async function shell(request, url) {
  const cache = await caches.open(SHELL_CACHE);
  const found = await cache.match(request, ANY);
  if (found) return found;
  try {
    return await fetch(request);
  } catch (error) {
    const name = url.pathname.split("/").pop();
    const other = (await cache.keys()).find((kept) => new URL(kept.url).pathname.split("/").pop() === name);
    if (!other) throw error;
    return cache.match(other, ANY);
  }
}

// News and warnings that the server tells of: shown at once, and opened by a touch.
self.addEventListener("push", (event) => {
  const { title, body, path, tag, warning } = event.data.json();
  event.waitUntil(self.registration.showNotification(title, {
    body, tag, data: path, lang: "vi", icon: "/icons/192.png", requireInteraction: warning, renotify: warning,
  }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(clients.openWindow(event.notification.data));
});

// Pages: the network's, unless it is away or very slow; then the one seen last, or what the shelf keeps.
async function page(request, url) {
  const fresh = fetch(request).then(async (answer) => {
    if (answer.ok && !answer.redirected && !/no-store/.test(answer.headers.get("Cache-Control") ?? "")) await keepPage(request.url, answer.clone());
    return answer;
  });
  const known = async () => {
    const [shelf, pages] = await Promise.all([caches.open(SHELF), caches.open(PAGES)]);
    return (await pages.match(request.url, ANY)) ?? (await shelf.match(url.pathname, ANY));
  };
  const late = new Promise((wake) => setTimeout(wake, PATIENCE_MS)).then(known).then((found) => found ?? fresh);
  try {
    return await Promise.race([fresh, late]);
  } catch {
    const home = url.pathname === "/" ? await (await caches.open(PAGES)).match("/", { ...ANY, ignoreSearch: true }) : null;
    return (await known()) ?? home ?? (await (await caches.open(SHELL_CACHE)).match("/saved", ANY)) ?? Response.error();
  }
}

async function keepPage(address, answer) {
  const cache = await caches.open(PAGES);
  await cache.delete(address);
  await cache.put(address, answer);
  const all = await cache.keys();
  for (const old of all.slice(0, Math.max(0, all.length - MOST_PAGES))) await cache.delete(old);
}
