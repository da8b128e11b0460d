// What is typed into a form of the desk is kept in this browser until it has been sent, and leaving asks.
"use strict";

const KEPT_MS = 7 * 24 * 3600 * 1000;
const WAIT_MS = 600;
const PREFIX = "loa-draft";
const SENT = "loa-draft-sent";

const desk = document.querySelector(".desk[data-login]");
let leaving = false; // by sending a form

const typed = (form) => [...form.elements].filter((field) => field.name
  && !["hidden", "file", "password", "submit", "button", "search"].includes(field.type));

const changed = (field) => {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.tagName === "SELECT") return [...field.options].some((option) => option.selected !== option.defaultSelected) && field.selectedIndex > 0;
  return field.value !== field.defaultValue;
};

const dirty = (form) => typed(form).some(changed);

// Forms that people write in: not searches, not single buttons, not boxes to tick on a list.
const written = () => [...document.querySelectorAll(".desk form[method=post]")].filter((form) =>
  form.id !== "many" && !form.matches(".login") && form.querySelector("textarea, input[type=text], input[type=datetime-local], input:not([type])"));

// A sentence has two forms that go to one address: its spoken words, and its written ones.
const partOf = (form) => (form.elements.was_spoken ? [typed(form)[0].name] : []);
const keyOf = (form) => [PREFIX, desk.dataset.login, location.pathname, new URL(form.action, location).pathname, ...partOf(form)].join(" ");

function values(form) {
  return typed(form).map((field) => [field.name, field.type === "checkbox" || field.type === "radio" ? [field.value, field.checked] : field.value]);
}

// What the form was made of: a draft of an older text says so before it is sent.
const baseOf = (form) => ["was", "was_spoken", "revision"].map((name) => form.elements[name]?.value ?? "").join("\n");

function store(form) {
  try {
    if (dirty(form)) localStorage.setItem(keyOf(form), JSON.stringify({ at: Date.now(), values: values(form), base: baseOf(form) }));
    else localStorage.removeItem(keyOf(form));
  } catch { /* no room, or not allowed: leaving still asks */ }
}

function fill(form, kept) {
  const fields = typed(form);
  const left = [...kept];
  for (const field of fields) {
    const at = left.findIndex(([name, value]) => name === field.name && (!Array.isArray(value) || value[0] === field.value));
    if (at < 0) continue;
    const [[, value]] = left.splice(at, 1);
    if (Array.isArray(value)) field.checked = value[1];
    else field.value = value;
  }
  // Stations that were chosen after a search have no box on this page yet.
  for (const [name, value] of left) {
    const field = Array.isArray(value) && value[1] && form.querySelector(`[data-field="${name}"]`);
    if (!field) continue;
    const label = Object.assign(document.createElement("label"), { className: "choice" });
    label.append(Object.assign(document.createElement("input"), { type: "checkbox", name, value: value[0], checked: true }), ` ${value[0]}`);
    document.getElementById(field.dataset.into).append(label);
  }
  form.querySelectorAll("details").forEach((each) => { each.open = true; });
}

const offered = new WeakSet();

function offer(form) {
  if (offered.has(form)) return;
  offered.add(form);
  const key = keyOf(form);
  const kept = JSON.parse(localStorage.getItem(key) || "null");
  if (!kept) return;
  const same = JSON.stringify(kept.values) === JSON.stringify(values(form));
  if (same || Date.now() - kept.at > KEPT_MS) {
    localStorage.removeItem(key);
    return;
  }
  const notice = document.createElement("p");
  notice.className = "notice draft-kept";
  notice.setAttribute("role", "status");
  const time = new Date(kept.at).toLocaleString("vi-VN", { timeZone: "Asia/Ho_Chi_Minh", dateStyle: "short", timeStyle: "short" });
  const overtaken = kept.base !== undefined && kept.base !== baseOf(form);
  notice.append(`Có phần đã gõ chưa gửi, lúc ${time}. ${overtaken ? "Từ lúc đó bài đã được sửa: hãy so lại trước khi gửi. " : ""}`);
  const button = (text, act) => {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "button small", textContent: text });
    made.addEventListener("click", () => { act(); notice.remove(); });
    notice.append(made, " ");
  };
  button("Lấy lại", () => fill(form, kept.values));
  button("Bỏ", () => localStorage.removeItem(key));
  form.prepend(notice);
}

// A draft that was sent is forgotten on the page that follows, unless that page asks for it again.
function forgetSent() {
  const key = sessionStorage.getItem(SENT);
  if (!key || document.querySelector("form.login, [data-carried], [aria-invalid], .notice.error[role=alert]")) return;
  localStorage.removeItem(key);
  sessionStorage.removeItem(SENT);
}

function keep() {
  let waiting = 0;
  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form || !written().includes(form)) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => store(form), WAIT_MS);
  });
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || event.submitter?.formTarget === "_blank") return;
    leaving = true;
    if (!written().includes(event.target)) return;
    store(event.target);
    sessionStorage.setItem(SENT, keyOf(event.target));
  });
  window.addEventListener("beforeunload", (event) => {
    if (leaving || !written().some(dirty)) return;
    written().filter(dirty).forEach(store);
    event.preventDefault();
  });
  window.addEventListener("pageshow", () => { leaving = false; });
}

try {
  forgetSent();
  if (desk) {
    written().forEach(offer);
    // A sentence's forms are made when it is unfolded (desk.js).
    document.addEventListener("toggle", () => setTimeout(() => written().forEach(offer)), true);
    keep();
  }
} catch { /* this browser keeps nothing: everything else works */ }
