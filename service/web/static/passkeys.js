// Passkeys: what the server asks is put to the browser, and the form goes on with what that signed.
"use strict";

const NO_KEY = "Chưa dùng được khóa. Hãy thử lại, hoặc dùng cách khác trên trang này.";
const HAS_ONE = "Máy này đã có khóa của anh chị rồi.";

function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const plain = btoa(String.fromCharCode(...new Uint8Array(buffer)));
  return plain.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

const withIds = (list) => (list ?? []).map((each) => ({ ...each, id: bytes(each.id) }));

// The same for a new passkey, which has a user, and for one that signs.
function question(asked) {
  return {
    ...asked,
    challenge: bytes(asked.challenge),
    ...(asked.user && { user: { ...asked.user, id: bytes(asked.user.id) } }),
    excludeCredentials: withIds(asked.excludeCredentials),
    allowCredentials: withIds(asked.allowCredentials),
  };
}

function answer(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  return JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response });
}

function say(form, words, look = "fault") {
  const place = form.querySelector("[data-said]");
  place.className = look;
  place.textContent = words;
  place.hidden = !words;
}

// Whether the form is on its way: until its page is gone, another press would spoil the answer.
async function use(form) {
  const asking = await fetch(form.dataset.passkey, { method: "POST", body: new FormData(form) });
  const asked = await asking.json().catch(() => ({ error: "Trang này đã cũ. Hãy tải lại rồi thử lần nữa." }));
  if (asked.error) {
    say(form, asked.error);
    return false;
  }
  const publicKey = question(asked);
  const credential = await (publicKey.user ? navigator.credentials.create({ publicKey }) : navigator.credentials.get({ publicKey }));
  form.elements.answer.value = answer(credential);
  form.submit();
  return true;
}

async function start(event) {
  event.preventDefault();
  const button = event.target.querySelector("button");
  button.disabled = true;
  say(event.target, "");
  try {
    button.disabled = await use(event.target);
  } catch (error) {
    say(event.target, error.name === "InvalidStateError" ? HAS_ONE : NO_KEY);
    button.disabled = false;
  }
}

function hindranceOf(origin) {
  if (location.origin !== origin) return `Khóa truy cập chỉ dùng được ở ${origin}; trang này đang mở ở ${location.origin}.`;
  return window.PublicKeyCredential ? "" : "Trình duyệt này không dùng được khóa truy cập.";
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = false;
  form.addEventListener("submit", start);
  const hindrance = hindranceOf(form.dataset.origin);
  form.querySelector("button").disabled = Boolean(hindrance);
  say(form, hindrance, "quiet");
}
