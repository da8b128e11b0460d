// Articles on a page that can be heard: the keys beside them, and the big one that plays all of today.
import * as sound from "./sound.js";
import { noted } from "./memory.js";
import { clock } from "./words.js";

export const read = (link) => {
  const { episode, version, slug, title, station, seconds, bytes, lite, liteBytes } = link.dataset;
  return {
    episode, version, title, station, seconds: Number(seconds),
    sound: link.getAttribute("href"), bytes: Number(bytes), lite: lite ?? null, liteBytes: Number(liteBytes ?? 0),
    page: `/articles/${slug}`,
  };
};

// All lists of one kind are one queue: an article is followed by the list below it.
const links = (queue) => [...document.querySelectorAll(`main [data-queue="${queue}"] [data-play]`)];
export const today = () => links("today").map(read);

const playFrom = (link) => {
  const group = links(link.closest("[data-queue]").dataset.queue);
  sound.play(group.map(read), group.indexOf(link));
};

const listen = () => {
  const items = today();
  if (sound.item() && items.some((one) => sound.same(one.episode))) return sound.toggle();
  const heard = noted("heard");
  const first = items.findIndex((one) => !heard[one.episode]);
  sound.play(items, Math.max(0, first));
};

export const show = () => {
  const playing = sound.playing(), heard = noted("heard");
  for (const link of document.querySelectorAll("main [data-play]")) {
    const here = sound.same(link.dataset.episode);
    link.classList.toggle("on", here && playing);
    const row = link.closest(".item");
    if (row) {
      row.classList.toggle("playing", here);
      row.querySelector("p.quiet").classList.toggle("heard", Boolean(heard[link.dataset.episode]));
      link.setAttribute("aria-label", `${here && playing ? "Tạm dừng" : "Nghe"} bài ${link.dataset.title}`);
    }
    const words = link.querySelector("[data-say]");
    if (words) {
      const rest = sound.left(read(link));
      words.textContent = here && playing ? "Tạm dừng" : rest ? `Nghe tiếp từ ${clock(rest)}` : "Nghe bài này";
    }
  }
  document.querySelector("[data-listen]")?.classList.toggle("on", playing && today().some((one) => sound.same(one.episode)));
};

export const begin = () => {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-play]"), big = event.target.closest("[data-listen]");
    if (!(link || big) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    if (big) listen();
    else if (sound.same(link.dataset.episode)) sound.toggle();
    else playFrom(link);
  });
  for (const name of ["item", "state", "end"]) sound.on(name, show);
};
