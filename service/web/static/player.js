// The player's comforts. Every page works without them: they only join what is already there.
"use strict";

const mark = (element, on) => on ? element.setAttribute("aria-current", "true") : element.removeAttribute("aria-current");

// An article: the sentence being read is marked, a tap on one reads from there, speed as one likes.
const article = document.querySelector("[data-article]");
if (article) {
  const sound = article.querySelector("[data-player]");
  const lines = [...article.querySelectorAll(".line")].map((element) => ({
    element, start: element.dataset.start / 1000, end: element.dataset.end / 1000,
  }));
  const speeds = article.querySelector("[data-speeds]");
  let current = null;

  const follow = () => {
    const now = sound.currentTime + 0.05; // a seek may land a little before what was asked for
    let line = null;
    for (const one of lines) if (now >= one.start) line = one;
    if (line && now > line.end + 2) line = null;
    if (line === current) return;
    if (current) mark(current.element, false);
    if (line) mark(line.element, true);
    current = line;
  };
  const from = (line) => { sound.currentTime = line.start; sound.play(); };

  article.dataset.live = "";
  for (const line of lines) {
    line.element.addEventListener("click", () => { if (!String(getSelection())) from(line); });
  }
  sound.addEventListener("timeupdate", follow);
  sound.addEventListener("seeked", follow);
  speeds.hidden = false;
  speeds.addEventListener("click", (event) => {
    const rate = event.target.dataset.rate;
    if (!rate) return;
    sound.preservesPitch = true;
    sound.playbackRate = Number(rate);
    for (const button of speeds.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button === event.target));
  });
}

// Home: one button plays today's news in order.
const queue = document.querySelector("[data-queue]");
const begin = document.querySelector("[data-listen]");
if (queue && begin) {
  const items = [...queue.querySelectorAll(".item")].map((element) => ({ element, audio: element.querySelector("audio") }));
  const now = document.querySelector("[data-now]");
  const player = now.querySelector("[data-player]");
  let at = -1;

  const play = (number) => {
    if (number < 0 || number >= items.length) return;
    if (at >= 0) items[at].element.classList.remove("playing");
    at = number;
    const item = items[at];
    item.element.classList.add("playing");
    now.hidden = false;
    now.querySelector("[data-count]").textContent = `bài ${at + 1}/${items.length}`;
    now.querySelector("[data-now-title]").textContent = item.audio.dataset.title;
    for (const other of items) other.audio.pause();
    player.src = item.audio.getAttribute("src");
    player.play();
    if ("mediaSession" in navigator) {
      navigator.mediaSession.metadata = new MediaMetadata({ title: item.audio.dataset.title, artist: document.title });
      navigator.mediaSession.setActionHandler("nexttrack", () => play(at + 1));
      navigator.mediaSession.setActionHandler("previoustrack", () => play(at - 1));
    }
  };
  begin.addEventListener("click", (event) => { event.preventDefault(); play(0); });
  now.querySelector("[data-next]").addEventListener("click", () => play(at + 1));
  now.querySelector("[data-back]").addEventListener("click", () => play(at - 1));
  player.addEventListener("ended", () => play(at + 1));
}

// Only one sound at a time.
document.addEventListener("play", (event) => {
  for (const other of document.querySelectorAll("audio")) if (other !== event.target) other.pause();
}, true);
