// The shelf: what this phone keeps to be heard without a network. One cache holds the sound, the article's page, and
// for each article a card that is written last, so that whatever is listed is whole.
export const SHELF = "loa-shelf-1";
const CARDS = "/shelf/";

export let able = "caches" in self && "serviceWorker" in navigator;
const cards = new Map(); // by episode, so that a press on a key need not wait

export class Full extends Error {}

export const kept = (episode) => cards.get(String(episode)) ?? null;
// In the order in which today's news stands: warnings in force, then the newest first.
const order = (card) => card.order || card.keptAt / 1000;
export const all = () => [...cards.values()].sort((a, b) => order(b) - order(a));
export const bytes = () => all().reduce((sum, card) => sum + card.bytes, 0);

// Private windows refuse the worker, the caches or both: then nothing can be kept, and all else is as ever.
export const open = async () => {
  if (!able) return;
  try {
    await begin();
    const cache = await caches.open(SHELF);
    cards.clear();
    for (const request of await cache.keys()) {
      if (!new URL(request.url).pathname.startsWith(CARDS)) continue;
      const card = await (await cache.match(request)).json();
      cards.set(card.episode, card);
    }
  } catch {
    able = false;
  }
};

// A worker that the network keeps from us comes with another page; what was kept is there without it.
const begin = () => navigator.serviceWorker.register("/sw.js").catch((error) => {
  if (error.name === "SecurityError" || error.name === "NotSupportedError") throw error;
});

// Keeps one article; `further(done)` hears how many bytes have come. Full when the phone has no room for it.
export const keep = async (one, media, size, further, signal) => {
  const cache = await caches.open(SHELF);
  const { usage = 0, quota = Infinity } = (await navigator.storage?.estimate?.()) ?? {};
  if (size > quota - usage) throw new Full();
  try {
    const [page, sound] = [await get(one.page, signal), await get(media, signal)];
    const body = await read(sound, further);
    const headers = { "Content-Type": sound.headers.get("Content-Type"), "Content-Length": String(body.size) };
    await cache.put(one.page, new Response(await page.blob(), { headers: { "Content-Type": "text/html; charset=utf-8" } }));
    await cache.put(media, new Response(body, { headers }));
    const card = { ...one, media, bytes: body.size, keptAt: Date.now() };
    await cache.put(CARDS + one.episode, new Response(JSON.stringify(card)));
    const old = cards.get(one.episode);
    cards.set(one.episode, card);
    tellWorker();
    if (old && old.media !== media) await cache.delete(old.media);
  } catch (error) {
    if (cards.get(one.episode)?.media !== media) await cache.delete(media);
    throw error.name === "QuotaExceededError" ? new Full() : error;
  }
};

export const forget = async (episode) => {
  const card = kept(episode);
  if (!card) return;
  const cache = await caches.open(SHELF);
  cards.delete(card.episode);
  for (const path of [CARDS + card.episode, card.media, card.page]) await cache.delete(path);
  tellWorker();
};

// It answers for sounds that are kept, and for no others.
const tellWorker = () => navigator.serviceWorker.controller?.postMessage("shelf");

const get = async (path, signal) => {
  const answer = await fetch(path, { signal });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer;
};

const read = async (answer, further) => {
  const reader = answer.body.getReader(), parts = [];
  let done = 0;
  for (;;) {
    const { value, done: over } = await reader.read();
    if (over) return new Blob(parts);
    parts.push(value);
    further((done += value.length));
  }
};
