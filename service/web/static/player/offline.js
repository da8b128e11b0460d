// "Lưu nghe sau": keeps articles on this phone, shows what it keeps and how much room that takes, and gives it back.
import { read, today } from "./items.js";
import { noted, recall, remember } from "./memory.js";
import * as shelf from "./shelf.js";
import * as sound from "./sound.js";
import { megabytes, spelled, tell } from "./words.js";

const HEARD_KEPT_MS = 12 * 3600 * 1000; // what was heard stays for half a day, to be heard again
const NO_ROOM = "Điện thoại hết chỗ. Xóa bớt bài đã nghe ở mục “Đã lưu” rồi thử lại.";
const LIGHT = "audio/ogg; codecs=opus";
let running = null;

const light = () => document.documentElement.dataset.saver === "true" && new Audio().canPlayType(LIGHT);
const choice = (one) => (light() && one.lite ? [one.lite, one.liteBytes] : [one.sound, one.bytes]);
const whole = (one) => shelf.kept(one.episode)?.version === one.version;
const part = (name) => document.querySelector(`main [data-${name}]`);

const keepAll = async (items) => {
  const wanted = items.filter((one) => !whole(one));
  const total = wanted.reduce((sum, one) => sum + choice(one)[1], 0);
  const line = part("keeping"), bar = line.querySelector("progress"), text = part("keeping-text");
  let done = 0, kept = 0;
  running = new AbortController();
  line.hidden = false;
  try {
    await navigator.storage?.persist?.();
    for (const one of wanted) {
      const [media, size] = choice(one);
      await shelf.keep(one, media, size, (bytes) => {
        bar.value = total ? (done + bytes) / total : 1;
        text.textContent = `${kept + 1}/${wanted.length} bài · ${megabytes(done + bytes)}/${megabytes(total)}`;
      }, running.signal);
      done += size;
      kept += 1;
    }
    tell(`Đã lưu ${items.length} bài. Không có mạng vẫn nghe được.`);
  } catch (error) {
    if (error instanceof shelf.Full) tell(`${kept ? `Đã lưu ${kept}/${wanted.length} bài. ` : ""}${NO_ROOM}`);
    else if (error.name === "AbortError") tell(`Đã dừng. Đã lưu ${kept}/${wanted.length} bài.`);
    else tell(`Mạng đứt giữa chừng. Đã lưu ${kept}/${wanted.length} bài; bấm lại để lưu tiếp.`);
  } finally {
    running = null;
    line.hidden = true;
    show();
  }
};

const showKey = (key, items) => {
  if (!key) return;
  if (!shelf.able) return key.remove(); // its place was kept free, so that nothing jumps where it comes
  const wanted = items.filter((one) => !whole(one));
  key.hidden = !items.length;
  key.disabled = Boolean(running) || !wanted.length;
  key.textContent = wanted.length ? `Lưu nghe sau (${megabytes(wanted.reduce((sum, one) => sum + choice(one)[1], 0))})` : "✓ Đã lưu trên máy";
};

const showSaved = async () => {
  if (!part("saved")) return;
  const cards = shelf.all(), heard = noted("heard"), list = document.querySelector('main [data-queue="saved"]');
  list.replaceChildren(...cards.map((card) => {
    const row = part("saved-item").content.cloneNode(true);
    const key = row.querySelector("[data-play]"), link = row.querySelector("h2 a");
    key.href = card.media;
    Object.assign(key.dataset, {
      episode: card.episode, version: card.version, slug: card.page.split("/").pop(), title: card.title,
      station: card.station, seconds: card.seconds, bytes: card.bytes, order: card.order || card.keptAt / 1000,
    });
    key.setAttribute("aria-label", `Nghe bài ${card.title}`);
    link.href = card.page;
    link.textContent = card.title;
    row.querySelector("p.quiet").textContent = `${card.station} · ${spelled(card.seconds)} · ${megabytes(card.bytes)}`;
    const forget = row.querySelector("[data-forget]");
    forget.dataset.forget = card.episode;
    forget.setAttribute("aria-label", `Xóa bài ${card.title}`);
    return row;
  }));
  part("saved-none").hidden = !shelf.able || cards.length > 0;
  part("saved-cannot").hidden = shelf.able;
  part("saved-room").hidden = !cards.length;
  part("offline").hidden = navigator.onLine;
  part("saved-sum").textContent = cards.length
    ? `${cards.length} bài, ${megabytes(shelf.bytes())}, nghe được khi không có mạng.`
    : "Những bài lưu trên điện thoại này, nghe được khi không có mạng.";
  part("tidy").checked = recall("tidy", true);
  part("forget-heard").disabled = !cards.some((card) => heard[card.episode]);
  const { quota } = (await navigator.storage?.estimate?.()) ?? {};
  if (part("room")) part("room").textContent = `Đang dùng ${megabytes(shelf.bytes())}${quota ? `, còn chỗ cho khoảng ${megabytes(Math.max(0, quota - shelf.bytes()))}` : ""}.`;
};

export const show = () => {
  showKey(part("keep-all"), today());
  const stage = document.querySelector("main .stage [data-play]");
  if (stage) showKey(part("keep"), [read(stage)]);
  showSaved();
};

const forgetThese = async (cards) => {
  const size = cards.reduce((sum, card) => sum + card.bytes, 0);
  for (const card of cards) await shelf.forget(card.episode);
  if (cards.length) tell(`Đã xóa ${cards.length} bài, trả lại ${megabytes(size)}.`);
  show();
};

// What was heard long enough ago goes by itself, unless the reader keeps it or is hearing it.
const tidy = async () => {
  if (!recall("tidy", true)) return;
  const heard = noted("heard");
  for (const card of shelf.all()) {
    const at = heard[card.episode];
    if (at && Date.now() - at > HEARD_KEPT_MS && !sound.same(card.episode)) await shelf.forget(card.episode);
  }
};

export const begin = async () => {
  document.addEventListener("click", (event) => {
    const pressed = (name) => event.target.closest(`[data-${name}]`);
    if (pressed("keep-all")) keepAll(today());
    else if (pressed("keep")) keepAll([read(document.querySelector("main .stage [data-play]"))]);
    else if (pressed("keep-stop")) running?.abort();
    else if (pressed("forget-heard")) forgetThese(shelf.all().filter((card) => noted("heard")[card.episode]));
    else if (pressed("forget-all")) confirm("Xóa tất cả bài đã lưu trên máy này?") && forgetThese(shelf.all());
    else if (pressed("forget")) forgetThese([shelf.kept(pressed("forget").dataset.forget)].filter(Boolean));
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-tidy]")) remember("tidy", event.target.checked);
  });
  for (const name of ["online", "offline"]) addEventListener(name, show);
  if (!shelf.able) return;
  await shelf.open();
  await tidy();
};
