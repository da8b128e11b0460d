// The one sound, and the queue it comes from. It goes on while pages change; others are told through events:
// "item" another article, "state" playing or not, "time" further on, "end" nothing is left.
import { all, kept } from "./shelf.js";
import { note, noted, recall, remember } from "./memory.js";
import { clock, tell } from "./words.js";

const WORTH_RESUMING_S = 5;
const NOTED_EVERY_MS = 3000;
const FORGOTTEN_MS = 24 * 3600 * 1000;
const LIGHT = "audio/ogg; codecs=opus";

const audio = document.querySelector("[data-sound]");
const events = new EventTarget();
let queue = [];
let at = -1;
let start = 0; // where the sound begins once its length is known
let length = 0;
let lastNoted = 0;
let sleep = null; // null, "end", or the time at which to stop
let playable = true; // whether this browser took the light file
let tries = 0; // since something was heard
let retry = null; // the timer of the next try
let passed = false; // articles were passed over while the net was away
const RETRY_S = [2, 5, 10, 20, 40, 60];

export const on = (name, hear) => events.addEventListener(name, hear);
const say = (name) => events.dispatchEvent(new Event(name));

export const item = () => queue[at] ?? null;
export const place = () => ({ number: at + 1, of: queue.length });
export const playing = () => !audio.paused && !audio.ended;
export const seconds = () => (audio.readyState ? audio.currentTime : start);
export const duration = () => (Number.isFinite(audio.duration) && audio.duration) || length;
export const has = (step) => at + step >= 0 && at + step < queue.length;
export const upNext = () => queue[at + 1] ?? null;
export const same = (episode) => item()?.episode === String(episode);
export const left = (one) => {
  const second = noted("at")[one.episode] ?? 0;
  return second > WORTH_RESUMING_S && second < one.seconds - WORTH_RESUMING_S ? second : 0;
};

const saver = () => document.documentElement.dataset.saver === "true";

// The file to play: what the phone keeps first, then as the reader wishes to save data.
const address = (one) => {
  const found = kept(one.episode);
  if (found?.version === one.version) return found.media;
  return saver() && one.lite && playable && audio.canPlayType(LIGHT) ? one.lite : one.sound;
};

const load = (second) => {
  const one = item();
  start = second;
  length = one.seconds;
  audio.src = address(one);
  audio.currentTime = second; // kept by the element until the length is known
  audio.defaultPlaybackRate = audio.playbackRate = rate();
  audio.preservesPitch = true;
  remember("queue", { queue, at, saved: Date.now() });
  say("item");
};

// Puts these articles in the queue and begins with one of them; `second` only when a place was chosen.
export const play = (items, number, second = null) => {
  const one = items[number];
  stopTrying();
  keepPlace();
  const known = queue.findIndex((each) => each.episode === one.episode && each.version === one.version);
  if (known >= 0 && items.length <= queue.length) at = known;
  else [queue, at] = [items, number];
  const from = second ?? left(one);
  if (second === null && from) tell(`Nghe tiếp từ ${clock(from)}`);
  load(from);
  resume();
};

export const resume = () => {
  if (!item()) return;
  if (audio.error || !audio.getAttribute("src")) load(seconds());
  audio.play().catch((error) => {
    if (error.name === "NotAllowedError") tell("Bấm nút phát để nghe.");
  });
};

export const pause = () => {
  stopTrying();
  audio.pause();
};

const stopTrying = () => {
  clearTimeout(retry);
  retry = null;
};

const tryAgain = () => {
  stopTrying();
  if (!item()) return;
  load(start);
  resume();
};

// The net is away: goes on with what this phone keeps and was not heard yet, of the queue first, in its order.
const goOn = () => {
  const heard = noted("heard");
  const ready = (one) => !same(one.episode) && !heard[one.episode] && kept(one.episode)?.version === one.version;
  let to = queue.findIndex((one, number) => number > at && ready(one));
  if (to < 0) to = queue.findIndex(ready);
  if (to < 0) {
    const more = all().filter((card) => ready(card) && !queue.some((one) => one.episode === card.episode));
    if (!more.length) return false;
    to = queue.length;
    queue = [...queue, ...more];
  }
  passed = true;
  keepPlace();
  tell("Mất mạng. Nghe tiếp bài đã lưu trên máy.");
  at = to;
  load(left(item()));
  resume();
  return true;
};
export const toggle = () => (playing() ? pause() : resume());

export const seek = (second) => {
  const to = Math.min(Math.max(0, second), Math.max(0, duration() - 0.2));
  start = to;
  audio.currentTime = to;
  say("time");
};
export const jump = (step) => seek(seconds() + step);

export const step = (by) => {
  if (!has(by)) return;
  keepPlace();
  at += by;
  load(left(item()));
  resume();
};

export const rate = (wanted = null) => {
  if (wanted !== null) {
    remember("rate", wanted);
    audio.defaultPlaybackRate = audio.playbackRate = wanted;
    audio.preservesPitch = true;
    say("time");
  }
  return recall("rate", 1);
};

// "" for never, "end" for the end of this article, or minutes.
export const stopAfter = (wanted) => {
  sleep = wanted === "" ? null : wanted === "end" ? "end" : Date.now() + Number(wanted) * 60_000;
};

export const close = () => {
  stopTrying();
  keepPlace();
  audio.pause();
  audio.removeAttribute("src");
  audio.load();
  [queue, at, sleep] = [[], -1, null];
  remember("queue", null);
  say("item");
};

// What was being heard when the page was left, silent until somebody presses the key.
export const wake = () => {
  const last = recall("queue", null);
  if (!last?.queue?.length || Date.now() - last.saved > FORGOTTEN_MS || noted("heard")[last.queue[last.at]?.episode]) return;
  [queue, at] = [last.queue, last.at];
  start = left(item());
  length = item().seconds;
  say("item");
};

const keepPlace = () => {
  const one = item();
  if (!one || !audio.getAttribute("src")) return;
  lastNoted = Date.now();
  note("at", one.episode, Math.floor(seconds() * 10) / 10);
};

// What was passed over is heard at the end, as soon as there is a net.
const goBack = () => {
  const heard = noted("heard"), to = queue.findIndex((one) => !heard[one.episode]);
  passed = false;
  if (to < 0) return false;
  at = to;
  load(left(item()));
  resume();
  return true;
};

const ended = () => {
  const one = item();
  note("at", one.episode, null);
  note("heard", one.episode, Date.now());
  if (sleep === "end") {
    sleep = null;
    tell("Đã tắt theo hẹn giờ.");
    say("sleep");
  } else if (has(1)) step(1);
  else if (passed && goBack()) tell("Nghe tiếp bài đã bỏ qua lúc mất mạng.");
  else {
    remember("queue", null);
    tell("Đã nghe hết.");
  }
  say("end");
};

const failed = () => {
  if (!audio.getAttribute("src")) return;
  const one = item();
  const unplayable = audio.error?.code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED;
  if (unplayable && navigator.onLine && audio.src.endsWith(one.lite ?? "\0")) {
    playable = false; // the browser promised to play it and does not
    load(start);
    return resume();
  }
  stopTrying();
  const away = !navigator.onLine || tries > 1;
  if (away && goOn()) return;
  retry = setTimeout(tryAgain, RETRY_S[Math.min(tries, RETRY_S.length - 1)] * 1000);
  tries += 1;
  tell(away ? "Không có mạng, bài này chưa lưu. Có mạng lại sẽ tự phát tiếp." : "Mạng yếu, đang thử lại.");
  say("state");
};

// A browser that waits for a net that is away tells no error for long.
const waiting = () => {
  const one = item();
  if (!navigator.onLine && one && kept(one.episode)?.version !== one.version) failed();
};

audio.addEventListener("timeupdate", () => {
  start = audio.currentTime;
  if (playing() && Date.now() - lastNoted > NOTED_EVERY_MS) keepPlace();
  if (typeof sleep === "number" && Date.now() >= sleep) {
    sleep = null;
    pause();
    tell("Đã tắt theo hẹn giờ.");
    say("sleep");
  }
  say("time");
});
audio.addEventListener("seeked", () => say("time"));
audio.addEventListener("loadedmetadata", () => say("time"));
for (const name of ["play", "pause"]) audio.addEventListener(name, () => say("state"));
audio.addEventListener("pause", keepPlace);
audio.addEventListener("ended", ended);
audio.addEventListener("error", failed);
for (const name of ["waiting", "stalled"]) audio.addEventListener(name, waiting);
audio.addEventListener("playing", () => { tries = 0; });
addEventListener("online", () => { if (retry) tryAgain(); });
addEventListener("pagehide", keepPlace);
