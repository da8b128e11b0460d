// The keys at the bottom of the page, and the same on the phone's lock screen.
import { recall } from "./memory.js";
import * as sound from "./sound.js";
import { clock, spelled } from "./words.js";

const STEP_S = 10;
const dock = document.querySelector("[data-dock]");
const part = (name) => dock.querySelector(`[data-${name}]`);
const key = (name) => dock.querySelector(`[data-do=${name}]`);
const seek = part("seek");
let held = false; // while a finger is on the slider, it does not move by itself

const deeds = {
  previous: () => sound.step(-1),
  back: () => sound.jump(-STEP_S),
  toggle: sound.toggle,
  forward: () => sound.jump(STEP_S),
  next: () => sound.step(1),
  close: sound.close,
  more: () => {
    const open = key("more").getAttribute("aria-expanded") === "true";
    key("more").setAttribute("aria-expanded", String(!open));
    part("more-part").hidden = open;
  },
};

// On every page, unless somebody types or has switched them off (WCAG 2.1.4).
const SHORTCUTS = { k: "toggle", j: "back", l: "forward", n: "next", p: "previous" };
const TYPING = "input:not([type=range], [type=checkbox], [type=radio], [readonly]), textarea, select, [contenteditable], dialog";

const shortcut = (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
  if (event.target.closest?.(TYPING) || !recall("keys", true)) return;
  if (event.key === "?") return location.assign("/settings#phim");
  const deed = SHORTCUTS[event.key.toLowerCase()];
  if (!deed) return;
  if (sound.item()) deeds[deed]();
  else if (deed === "toggle") document.querySelector("main :is([data-listen], .stage [data-play])")?.click();
};

// For who does not see the page: what plays, or that it does not; the keys' names tell the rest.
const said = document.querySelector("[data-said]");
const announce = () => {
  const one = sound.item(), { number, of } = sound.place();
  const words = sound.playing() ? `Đang phát${of > 1 ? ` bài ${number}/${of}` : ""}: ${one.title}` : said.textContent && "Đã tạm dừng.";
  if (said.textContent !== words) said.textContent = words;
};

const showItem = () => {
  const one = sound.item(), next = sound.upNext();
  dock.hidden = !one;
  document.querySelector("[data-to-dock]").hidden = !one;
  if (!one) return;
  const { number, of } = sound.place();
  part("title").textContent = one.title;
  part("title").href = one.page;
  part("up-next").hidden = !next;
  if (next) Object.assign(part("up-next-title"), { textContent: next.title, href: next.page });
  part("count").textContent = of > 1 ? `bài ${number}/${of}` : "";
  for (const [name, by] of [["previous", -1], ["next", 1]]) key(name).disabled = !sound.has(by);
  showTime();
  showState();
  tellPhone(one);
};

const showTime = () => {
  const now = sound.seconds(), all = sound.duration();
  part("time").textContent = clock(now);
  part("length").textContent = clock(all);
  if (!held) {
    seek.max = Math.max(1, Math.floor(all));
    seek.value = Math.floor(now);
  }
  seek.setAttribute("aria-valuetext", `${spelled(seek.value)} trên ${spelled(all)}`);
};

const showState = () => {
  const on = sound.playing();
  key("toggle").classList.toggle("on", on);
  key("toggle").setAttribute("aria-label", on ? "Tạm dừng" : "Phát");
  if ("mediaSession" in navigator) navigator.mediaSession.playbackState = on ? "playing" : "paused";
};

const tellPhone = (one) => {
  if (!("mediaSession" in navigator)) return;
  const artwork = [192, 512].map((size) => ({ src: `/icons/${size}.png`, sizes: `${size}x${size}`, type: "image/png" }));
  navigator.mediaSession.metadata = new MediaMetadata({ title: one.title, artist: one.station, album: "Loa", artwork });
  const actions = {
    play: sound.resume,
    pause: sound.pause,
    stop: sound.pause,
    seekbackward: (asked) => sound.jump(-(asked.seekOffset ?? STEP_S)),
    seekforward: (asked) => sound.jump(asked.seekOffset ?? STEP_S),
    seekto: (asked) => sound.seek(asked.seekTime),
    previoustrack: sound.has(-1) ? deeds.previous : null,
    nexttrack: sound.has(1) ? deeds.next : null,
  };
  for (const [name, act] of Object.entries(actions)) {
    try {
      navigator.mediaSession.setActionHandler(name, act);
    } catch {
      // A browser that does not know one of them knows the others.
    }
  }
};

const tellPhoneTime = () => {
  const duration = sound.duration(), position = sound.seconds();
  if (!navigator.mediaSession?.setPositionState || !duration || position > duration) return;
  navigator.mediaSession.setPositionState({ duration, position, playbackRate: sound.rate() });
};

export const begin = () => {
  // Browsers that are still loading jump there without the focus.
  document.querySelector("[data-to-dock]").addEventListener("click", () => dock.focus());
  dock.addEventListener("click", (event) => deeds[event.target.closest("[data-do]")?.dataset.do]?.());
  seek.addEventListener("input", () => {
    held = true;
    part("time").textContent = clock(seek.value);
  });
  seek.addEventListener("change", () => {
    held = false;
    sound.seek(Number(seek.value));
  });
  part("rate").value = String(sound.rate());
  part("rate").addEventListener("change", () => sound.rate(Number(part("rate").value)));
  part("sleep").addEventListener("change", () => sound.stopAfter(part("sleep").value));
  sound.on("sleep", () => { part("sleep").value = ""; });
  sound.on("item", showItem);
  sound.on("state", showState);
  sound.on("time", showTime);
  for (const name of ["item", "state"]) sound.on(name, tellPhoneTime);
  sound.on("state", announce);
  sound.on("item", () => sound.playing() && announce());
  document.addEventListener("keydown", shortcut);
  sound.wake();
};
