// Articles on a page that can be heard: the keys beside them, and the big one that plays all of today.
import * as sound from "./sound.js";
import { noted } from "./memory.js";
import { clock, spelled } from "./words.js";

export const read = (link) => {
  const { episode, version, slug, title, station, seconds, bytes, lite, liteBytes, order } = link.dataset;
  return {
    episode, version, title, station, seconds: Number(seconds), order: Number(order),
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

// Of today's: the one that is in the player, else the first that was not heard; -1 when all were.
const nextOf = (items, heard) => {
  const here = items.findIndex((one) => sound.same(one.episode));
  return here >= 0 ? here : items.findIndex((one) => !heard[one.episode]);
};

const listen = () => {
  const items = today();
  if (sound.item() && items.some((one) => sound.same(one.episode))) return sound.toggle();
  sound.play(items, Math.max(0, nextOf(items, noted("heard"))));
};

// What leads to the list without us is a button with us: Space presses it, and it is announced as one.
const asButton = (link) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = link.className;
  button.dataset.listen = "";
  button.append(...link.childNodes);
  link.replaceWith(button);
};

// The big button says what it will do: "Nghe tiếp: bài 2/7". Its first words are kept to come back to.
const showListen = (playing, heard) => {
  const key = document.querySelector("[data-listen]");
  if (!key) return;
  const words = key.querySelector("b"), about = key.querySelector("small");
  key.first ??= [words.textContent, about.textContent];
  const items = today(), at = nextOf(items, heard), one = items[at];
  const on = playing && sound.same(one?.episode), rest = one ? sound.left(one) : 0;
  const begun = at > 0 || rest > 0 || on;
  key.classList.toggle("on", on);
  words.textContent = on ? "Tạm dừng" : begun ? `Nghe tiếp: bài ${at + 1}/${items.length}` : at < 0 ? "Nghe lại từ đầu" : key.first[0];
  about.textContent = begun ? `${one.title}${rest && !on ? ` · từ ${clock(rest)}` : ""}` : key.first[1];
  about.classList.toggle("one-line", begun);
};

export const show = () => {
  const playing = sound.playing(), heard = noted("heard");
  for (const link of document.querySelectorAll("a[data-listen]")) asButton(link);
  for (const link of document.querySelectorAll("main [data-play]")) {
    const here = sound.same(link.dataset.episode);
    link.classList.toggle("on", here && playing);
    const row = link.closest(".item");
    if (row) {
      row.classList.toggle("playing", here);
      const facts = row.querySelector("p.quiet"), gone = heard[link.dataset.episode], rest = sound.left(read(link));
      facts.classList.toggle("heard", Boolean(gone) && !here);
      if (rest && !gone && !here) facts.dataset.left = `còn ${spelled(link.dataset.seconds - rest)}`;
      else delete facts.dataset.left;
      row.classList.toggle("next-up", sound.upNext()?.episode === link.dataset.episode);
      link.setAttribute("aria-label", `${here && playing ? "Tạm dừng" : "Nghe"} bài ${link.dataset.title}`);
    }
    const words = link.querySelector("[data-say]");
    if (words) {
      const rest = sound.left(read(link));
      words.textContent = here && playing ? "Tạm dừng" : rest ? `Nghe tiếp từ ${clock(rest)}` : "Nghe bài này";
    }
  }
  showListen(playing, heard);
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
