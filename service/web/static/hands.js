// The proof sheet by hand and by keys: a word that is clicked is mended, sentences are gone through without a mouse.
"use strict";

const SWITCH = "loa-keys"; // in localStorage: "off" where somebody wants none
const sentences = [...document.querySelectorAll(".proof > li")];
const writing = (place) => place.closest("input, textarea, select, audio, [contenteditable]");

// The forms of a sentence are made when they are opened (desk.js), and opening tells of itself a moment later.
function open(sentence, field, word) {
  const fix = sentence.querySelector("details.fix");
  if (!fix) return;
  const late = fix.querySelector("noscript");
  if (late) late.outerHTML = late.textContent; // written and escaped by the server
  fix.open = true;
  const area = fix.querySelector(`textarea[name=${field}]`) || fix.querySelector("textarea");
  if (!area) return;
  area.focus();
  if (word && area.value.slice(word.start, word.end) === word.text) area.setSelectionRange(word.start, word.end);
}

// The word of a paragraph at a point of the screen: its text and where it stands, without the marks of doubt.
function wordAt(paragraph, x, y) {
  const at = document.caretPositionFromPoint?.(x, y);
  const range = at ? null : document.caretRangeFromPoint?.(x, y);
  const [node, offset] = at ? [at.offsetNode, at.offset] : [range?.startContainer, range?.startOffset];
  if (!node || !paragraph.contains(node)) return null;
  const before = document.createRange();
  before.setStart(paragraph, 0);
  before.setEnd(node, offset);
  const plain = (part) => part.replaceAll("(?)", "");
  const [text, position] = [plain(paragraph.textContent), plain(before.toString()).length];
  const start = position - /[^\s.,;:!?…"“”()]*$/u.exec(text.slice(0, position))[0].length;
  const end = position + /^[^\s.,;:!?…"“”()]*/u.exec(text.slice(position))[0].length;
  return { start, end, text: text.slice(start, end) };
}

function mend(event) {
  const paragraph = event.target.closest(".proof .written, .proof .spoken");
  // Who marks words with the mouse wants to copy them.
  if (!paragraph || event.target.closest("a, button") || !getSelection().isCollapsed) return;
  const field = paragraph.matches(".spoken") ? "spoken" : "written";
  open(paragraph.closest("li"), field, wordAt(paragraph, event.clientX, event.clientY));
}

const current = () => document.activeElement?.closest?.(".proof > li");

function go(step) {
  const at = sentences.indexOf(current());
  const to = sentences[at < 0 ? 0 : Math.min(Math.max(at + step, 0), sentences.length - 1)];
  to?.focus();
  to?.scrollIntoView({ block: "nearest" });
}

function hear() {
  const whole = document.querySelector(".sheet audio");
  const one = current()?.querySelector("a[data-play]");
  if (one) one.click();
  else if (whole) whole[whole.paused ? "play" : "pause"]();
}

const KEYS = {
  j: () => go(1),
  k: () => go(-1),
  p: hear,
  e: () => current() && open(current(), "spoken"),
  c: () => current() && open(current(), "written"),
};

function press(event) {
  const field = writing(event.target);
  if (event.key === "Enter" && event.ctrlKey) {
    const button = field?.form?.querySelector("button:not([formaction])") ?? document.querySelector("[data-approve] button");
    button?.click();
    event.preventDefault();
    return;
  }
  if (event.key === "Escape" && field?.closest("details.fix")) {
    field.closest("li").focus();
    return;
  }
  const act = KEYS[event.key];
  if (!act || field || event.ctrlKey || event.altKey || event.metaKey || localStorage.getItem(SWITCH) === "off") return;
  event.preventDefault();
  act();
}

function remember(event) {
  localStorage.setItem(SWITCH, event.target.checked ? "on" : "off");
}

for (const sentence of sentences) sentence.tabIndex = -1;
const choice = document.querySelector("[data-keys]");
if (choice) {
  choice.checked = localStorage.getItem(SWITCH) !== "off";
  choice.addEventListener("change", remember);
  choice.closest("details").hidden = false;
}
document.addEventListener("click", mend);
document.addEventListener("keydown", press);
// What opens itself after an approval begins to play; a browser that does not allow it leaves the button.
document.querySelector("audio[data-begin]")?.play().catch(() => {});
