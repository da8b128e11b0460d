// The desk: looks again while a machine works, and plays single sentences. Every page works without it.
"use strict";

const LOOK_AGAIN_MS = 1500;
const SLOWEST_MS = 30000;
const COUNT_AFTER_MS = 400;

const working = () => [...document.querySelectorAll("[data-episode][data-working]")];

function show(card) {
  const place = document.querySelector(`[data-episode="${card.id}"]`);
  if (!place) return;
  place.querySelector("[data-standing]").innerHTML = card.html; // made and escaped by the server
  const renewed = String(card.version) !== place.dataset.version;
  if (card.working && !renewed) return;
  if (!card.working) delete place.dataset.working;
  if ("reload" in place.dataset) reload(place);
  tell();
}

// How many of those that were moved together a machine has finished.
function tell() {
  const place = document.querySelector("[data-progress]");
  if (!place) return;
  const bar = place.querySelector("progress");
  bar.value = bar.max - working().length;
  place.querySelector("[data-done]").textContent = bar.value;
  place.hidden = false;
}

// On the list: all boxes of the page with one.
function tickAll(event) {
  if (!("tickAll" in event.target.dataset)) return;
  for (const box of document.querySelectorAll(".tick input")) box.checked = event.target.checked;
}

// Whether somebody is in the middle of something that loading the page again would take away.
function busy() {
  const fields = [...document.querySelectorAll("textarea, input:not([type=hidden], [type=checkbox], [type=radio])")];
  const typed = fields.some((field) => field.value !== field.defaultValue);
  return typed || document.querySelector("[data-order=unsaved], [data-unsent]") || (playing && !playing.paused);
}

function reload(place) {
  delete place.dataset.working;
  if (busy()) place.querySelector("[data-changed]").hidden = false;
  else location.reload();
}

async function look(wait) {
  const ids = working().map((place) => place.dataset.episode);
  if (!ids.length) return;
  let next = LOOK_AGAIN_MS;
  if (!document.hidden) {
    try {
      const answer = await fetch(`/desk/cards.json?ids=${ids.join(",")}`, { credentials: "same-origin" });
      if (answer.status === 401 || answer.status === 403) return;
      if (!answer.ok) throw new Error(answer.status);
      (await answer.json()).cards.forEach(show);
    } catch {
      next = Math.min(wait * 2, SLOWEST_MS); // the network or the machine is away: ask less often
    }
  }
  setTimeout(look, next, next);
}

let playing = null;
let button = null;

function rest() {
  if (button) button.textContent = "▶";
  if (button) button.classList.remove("on");
}

function play(event) {
  const link = event.target.closest("a[data-play]");
  if (!link || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const same = link === button;
  rest();
  if (same && playing && !playing.paused) {
    playing.pause();
    return;
  }
  if (playing) playing.pause();
  button = link;
  playing = new Audio(link.href);
  playing.addEventListener("ended", rest);
  playing.addEventListener("error", () => { link.textContent = "✗"; link.title = "Không nghe được câu này"; });
  link.textContent = "❚❚";
  link.classList.add("on");
  playing.play().catch(() => {});
}

// "Nghe thử" in the dictionary: the form is sent as it stands; the voice is asked after until it has spoken.
const VOICE_PATIENCE_MS = 60000;
const ASK_VOICE_MS = 400;

async function audition(event) {
  const asked = event.target.closest("[data-audition]");
  if (!asked) return;
  event.preventDefault();
  const said = asked.form.querySelector("[data-audition-said]") || document.createElement("span");
  asked.disabled = true;
  said.textContent = "Máy đang đọc…";
  try {
    const form = new FormData(asked.form);
    if (asked.name) form.set(asked.name, asked.value);
    const answer = await spoken(asked.getAttribute("formaction") || asked.form.action, form);
    if (answer.status === 200) {
      said.textContent = "";
      playing = new Audio(URL.createObjectURL(await answer.blob()));
      await playing.play();
    } else if (answer.status === 202) {
      said.textContent = "Máy đọc chưa trả lời, hãy thử lại sau ít phút.";
    } else {
      said.textContent = await answer.text();
    }
  } catch {
    said.textContent = "Không nghe thử được, hãy thử lại.";
  }
  asked.disabled = false;
}

async function spoken(address, form) {
  let answer = await fetch(address, { method: "POST", body: form });
  const ends = Date.now() + VOICE_PATIENCE_MS;
  while (answer.status === 202 && Date.now() < ends) {
    await new Promise((resolve) => { setTimeout(resolve, ASK_VOICE_MS); });
    answer = await fetch(answer.url);
  }
  return answer;
}

// The running order of a bulletin: the server answers each move with the order as it is then, and its running time.
async function ordered(form, move) {
  const sent = new FormData(form);
  sent.set("move", move);
  const answer = await fetch(form.action, { method: "POST", body: sent, credentials: "same-origin" });
  if (!answer.ok || answer.redirected) throw new Error(answer.status);
  return new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-order]");
}

async function arrange(event) {
  const form = event.target.closest("[data-arrange]");
  const pressed = event.submitter;
  if (!form || !pressed || pressed.value === "save") return;
  event.preventDefault();
  try {
    const renewed = await ordered(form, pressed.value);
    document.querySelector("[data-order]").replaceWith(renewed);
    const again = renewed.querySelector(`button[value="${pressed.value}"]:not(:disabled)`);
    if (again) again.focus({ preventScroll: true });
  } catch {
    sendPlainly(form, pressed);
  }
}

function sendPlainly(form, pressed) {
  const move = Object.assign(document.createElement("input"), { type: "hidden", name: "move", value: pressed.value });
  form.append(move);
  form.submit();
}

let counting = 0;

function count(event) {
  const form = event.target.closest("[data-arrange]");
  if (!form || event.target.type === "search") return;
  clearTimeout(counting);
  counting = setTimeout(async () => {
    try {
      const renewed = await ordered(form, "count");
      document.querySelector("[data-length]").replaceWith(renewed.querySelector("[data-length]"));
      document.querySelector("[data-order]").dataset.order = renewed.dataset.order;
    } catch { /* the number is told again with the next move */ }
  }, COUNT_AFTER_MS);
}

// A page that waits for a worker and has no episode of its own to ask about: it is loaded again, but not under a form in use.
function again() {
  if (busy()) setTimeout(again, LOOK_AGAIN_MS);
  else location.reload();
}

// What a browser without scripts shows at once is made here when it is opened.
function unfold(event) {
  const late = event.target.matches("details[data-late][open]") && event.target.querySelector("noscript");
  if (late) late.outerHTML = late.textContent; // written and escaped by the server
}

const folded = (text) => text.toLowerCase().replaceAll("đ", "d").normalize("NFD").replace(/\p{M}/gu, "");

// Of a long list, what has all the words typed; what is ticked stays in sight.
function sift(event) {
  const list = event.target.dataset.sift && document.getElementById(event.target.dataset.sift);
  if (!list) return;
  const words = folded(event.target.value).split(/\s+/);
  for (const each of list.children) {
    const text = folded(each.textContent);
    each.hidden = !each.querySelector(":checked") && !words.every((word) => text.includes(word));
  }
}

// Of many stations those are brought whose names have the words typed (choosing.py); what is ticked stays.
const ASK_STATIONS_MS = 250;
let asking = 0;

async function named(address, words) {
  const url = new URL(address, location);
  url.searchParams.set("q", words);
  const answer = await fetch(url, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(answer.status);
  return answer.json();
}

function box(field, station, ticked) {
  const label = Object.assign(document.createElement("label"), { className: "choice" });
  const input = Object.assign(document.createElement("input"), { type: "checkbox", name: field.dataset.field, value: station.slug, checked: ticked });
  label.append(input, ` ${station.name}`);
  return label;
}

// A chosen station that the form only carried has a box from now on.
function taken(list, slug) {
  const carried = document.querySelector(`[data-carried="${list.id}"]`);
  const slugs = carried ? carried.value.split(" ") : [];
  if (!slugs.includes(slug)) return false;
  carried.value = slugs.filter((each) => each !== slug).join(" ");
  return true;
}

async function bring(field) {
  const words = field.value.trim();
  const list = document.getElementById(field.dataset.into);
  const said = document.querySelector(`[data-found="${list.id}"]`);
  if (!words) return;
  try {
    const { stations, total } = await named(field.dataset.find, words);
    if (words !== field.value.trim()) return; // somebody types on
    for (const each of [...list.children]) if (!each.querySelector(":checked")) each.remove();
    const there = new Set([...list.querySelectorAll("input")].map((input) => input.value));
    for (const each of stations) if (!there.has(each.slug)) list.append(box(field, each, taken(list, each.slug)));
    const more = total > stations.length ? `${total} đài khớp, đây là ${stations.length} đài đầu. Gõ thêm chữ để tìm đúng đài.` : `${total} đài khớp.`;
    said.textContent = total ? more : `Không có đài nào khớp “${words}”.`;
  } catch {
    said.textContent = "Chưa tìm được, hãy thử lại.";
  }
}

// One station that is typed: what has these words is offered below the field.
async function suggest(field) {
  if (field.value.trim().length < 2) return;
  const offers = document.getElementById("dai-goi-y") || Object.assign(document.createElement("datalist"), { id: "dai-goi-y" });
  document.body.append(offers);
  field.setAttribute("list", offers.id);
  try {
    const { stations } = await named(field.dataset.suggest, field.value);
    offers.replaceChildren(...stations.map((each) => Object.assign(document.createElement("option"), { value: each.slug, label: each.name })));
  } catch { /* it is typed in full; the server finds its name */ }
}

function askStations(event) {
  const field = event.target;
  const act = field.dataset.find ? bring : field.dataset.suggest ? suggest : null;
  clearTimeout(asking);
  if (act) asking = setTimeout(act, ASK_STATIONS_MS, field);
}

// With a script the button that looks brings boxes; without one it sends the form, which comes back with them.
function searchHere() {
  for (const field of document.querySelectorAll("[data-find]")) {
    const button = field.parentElement.querySelector("button");
    button.type = "button";
    button.addEventListener("click", () => bring(field));
  }
}

function start() {
  document.addEventListener("change", tickAll);
  for (const box of document.querySelectorAll("[data-tick-all]")) box.closest("label").hidden = false;
  tell();
  document.addEventListener("input", sift);
  document.addEventListener("input", askStations);
  searchHere();
  document.addEventListener("keydown", (event) => { if (event.key === "Enter" && (event.target.dataset?.sift || event.target.dataset?.find)) event.preventDefault(); }); // it sends no form
  document.querySelectorAll("[data-sift]").forEach((field) => { field.hidden = false; });
  document.addEventListener("toggle", unfold, true); // it does not bubble, nor does "play"
  document.addEventListener("submit", arrange);
  document.addEventListener("input", count);
  document.addEventListener("click", audition);
  document.addEventListener("click", play);
  document.addEventListener("play", (event) => { playing = event.target; }, true);
  setTimeout(look, LOOK_AGAIN_MS, LOOK_AGAIN_MS);
  for (const place of document.querySelectorAll("[data-renew]")) setTimeout(again, place.dataset.renew * 1000);
  if (document.querySelector("[data-again]")) setTimeout(again, LOOK_AGAIN_MS);
}

start();

// Voices whose speed nobody knows are measured when somebody looks at them, once in a visit.
const MEASURED_AFTER_MS = 4000;
const unmeasured = document.querySelector("[data-measure]");
if (unmeasured && !sessionStorage.getItem("measured")) {
  sessionStorage.setItem("measured", "yes");
  fetch(unmeasured.action, { method: "POST", body: new FormData(unmeasured) })
    .then(() => setTimeout(again, MEASURED_AFTER_MS), () => {});
}

// A file that is chosen, or dropped anywhere on the form, is shown as the machine understands it.
function previewFile(form) {
  const button = form.querySelector("button[name=preview]");
  if (form.querySelector("input[type=file]").files.length === 1) button.click();
}

// What is pasted into the form of an article, wherever one stands, is its text; a whole page of a portal is known by its marks.
const PAGE_PARTS = /<(nav|header|footer|aside|form)\b/i;
const MANY_LINKS = 10;
const PAGE_WORDS = ["trang chủ", "đăng nhập", "tin liên quan", "tin khác", "tin mới", "lượt xem", "lượt truy cập", "in bài", "chia sẻ", "bản quyền", "cỡ chữ"];
const FEWEST_WORDS = 2;

function isPage(text, html) {
  const links = html.match(/<a\s/gi)?.length ?? 0;
  const lower = text.toLowerCase();
  return PAGE_PARTS.test(html) || links >= MANY_LINKS || PAGE_WORDS.filter((word) => lower.includes(word)).length >= FEWEST_WORDS;
}

function paste(event) {
  const body = document.querySelector("form#draft textarea[name=body]");
  const inField = event.target.closest?.("input, textarea, select");
  if (!body || (inField && inField !== body)) return;
  const [text, html] = [event.clipboardData.getData("text/plain"), event.clipboardData.getData("text/html")];
  const empty = !body.value.trim();
  if (!inField && text) {
    event.preventDefault();
    body.setRangeText(text, body.selectionStart, body.selectionEnd, "end");
    body.dispatchEvent(new Event("input", { bubbles: true }));
    body.focus();
  }
  const title = body.form.elements.title;
  if (!empty || title.value.trim() || !isPage(text, html)) return;
  const whole = body.form.querySelector("input[name=format][value=page]");
  whole.checked = true;
  whole.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("paste", paste);

for (const place of document.querySelectorAll("[data-drop]")) {
  const form = place.closest("form");
  const input = place.querySelector("input[type=file]");
  input.addEventListener("change", () => previewFile(form));
  form.addEventListener("dragover", (event) => {
    if (![...event.dataTransfer.types].includes("Files")) return;
    event.preventDefault();
    place.classList.add("over");
  });
  form.addEventListener("dragleave", () => place.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    place.classList.remove("over");
    input.files = event.dataTransfer.files;
    previewFile(form);
  });
}
