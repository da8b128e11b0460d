// The article's text: the sentence being read is marked, and reading goes on from whichever one is chosen.
import { read } from "./items.js";
import * as sound from "./sound.js";

const LATE_S = 0.05; // a seek may land a little before what was asked for
const GONE_S = 2; // after a sentence, before its mark goes
let article = null, lines = [], current = null;

const here = () => article && sound.item()?.episode === article.dataset.article && sound.item().version === article.dataset.version;

// Only one sentence is a stop for the keyboard; arrows move it. A screen reader meets text, not sixty buttons.
const stop = (line, focus = false) => {
  for (const each of article.querySelectorAll(".line[tabindex]")) {
    if (each === line.element) continue; // it would lose the focus
    for (const name of ["tabindex", "role", "aria-describedby"]) each.removeAttribute(name);
  }
  line.element.tabIndex = 0;
  line.element.setAttribute("role", "button");
  line.element.setAttribute("aria-describedby", "cach-nghe");
  if (focus) line.element.focus();
};

const seen = (element) => {
  const box = element.getBoundingClientRect();
  return box.bottom > 0 && box.top < innerHeight;
};

const follow = () => {
  let line = null;
  if (here()) {
    const now = sound.seconds() + LATE_S;
    for (const one of lines) if (now >= one.start) line = one;
    if (line && now > line.end + GONE_S) line = null;
  }
  if (line === current) return;
  const watched = current && seen(current.element);
  current?.element.removeAttribute("aria-current");
  current = line;
  if (!line) return;
  line.element.setAttribute("aria-current", "true");
  if (!article.contains(document.activeElement)) stop(line);
  // The page follows the voice as long as the reader does.
  if (watched && sound.playing()) line.element.scrollIntoView({ block: "nearest" });
};

const from = (line) => {
  stop(line);
  if (here()) {
    sound.seek(line.start);
    sound.resume();
  } else {
    const links = [...document.querySelectorAll('main [data-queue="article"] [data-play]')];
    sound.play(links.map(read), 0, line.start);
  }
};

const lineOf = (element) => lines.find((line) => line.element === element.closest?.(".line"));
export const now = () => (here() ? current?.element.dataset.n : null);

// A bulletin's parts: their links lead to the text, and to the sound.
const chapter = (event) => {
  const link = event.target.closest("[data-chapter]");
  const line = link && lines.find((one) => one.element.dataset.n === link.dataset.chapter);
  if (line && !event.ctrlKey && !event.metaKey && !event.shiftKey) from(line);
};

const keys = (event) => {
  const line = lineOf(event.target);
  if (!line || event.altKey || event.ctrlKey || event.metaKey) return;
  const at = lines.indexOf(line);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: lines.length - 1 }[event.key];
  if (to !== undefined && lines[to]) stop(lines[to], true);
  else if (event.key === "Enter" || event.key === " ") from(line);
  else if (to === undefined) return;
  event.preventDefault();
};

export const show = () => {
  article = document.querySelector("[data-article]");
  [lines, current] = [[], null];
  if (!article) return;
  lines = [...article.querySelectorAll(".line")].map((element) => ({
    element, start: element.dataset.start / 1000, end: element.dataset.end / 1000,
  }));
  if (!lines.length) return;
  article.dataset.live = "";
  stop(lines[0]);
  article.addEventListener("click", (event) => {
    const line = lineOf(event.target);
    if (line && !String(getSelection())) from(line);
  });
  article.addEventListener("keydown", keys);
  follow();
};

export const begin = () => {
  document.addEventListener("click", chapter);
  for (const name of ["item", "state", "time", "end"]) sound.on(name, follow);
};
