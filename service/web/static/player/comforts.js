// Comforts that few pages need: the page on the home screen, the size of the text, keys of a keyboard.
import { recall, remember } from "./memory.js";
import { tell } from "./words.js";

let offer = null; // the browser's own offer to install the page; it is good for one press

const part = (name) => document.querySelector(`main [data-${name}]`);

const install = async () => {
  const asked = offer;
  offer = null;
  showOffer();
  await asked?.prompt();
};

const showOffer = () => {
  const place = part("install");
  if (place) place.hidden = !offer || (recall("install-never", false) && !part("comforts"));
};

// Being told of news and warnings: what the browser and the server agree on.
const worker = () => navigator.serviceWorker.ready;
const told = async () => (await worker()).pushManager.getSubscription();

const agree = async (key) => (await worker()).pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });

const letters = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));
const keyOf = (phone) => letters(phone.options.applicationServerKey).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

const send = async (method, phone, news) => {
  const body = JSON.stringify({ ...phone.toJSON(), key: keyOf(phone), news });
  const answer = await fetch("/push/phones", { method, headers: { "Content-Type": "application/json" }, body });
  if (!answer.ok && answer.status !== 409) throw new Error(`${answer.status}`);
  return answer;
};

// Agreed with a key that the house has lost since, its messages would never come: agreed anew with the one it has.
const register = async (phone, news) => {
  const answer = await send("POST", phone, news);
  if (answer.status !== 409) return;
  const { key } = await answer.json();
  await send("DELETE", phone);
  await phone.unsubscribe();
  await send("POST", await agree(key), news);
};

const wanted = async () => {
  const choice = document.querySelector("main [name=bao]:checked").value;
  const before = await told();
  try {
    if (choice === "") {
      if (before) {
        await send("DELETE", before);
        await before.unsubscribe();
      }
      tell("Sẽ không báo nữa.");
    } else {
      await register(before ?? (await agree(part("push").dataset.push)), choice === "tin");
      tell(choice === "tin" ? "Sẽ báo khi có tin mới và cảnh báo." : "Sẽ chỉ báo khi có cảnh báo khẩn cấp.");
    }
    remember("told", choice);
    remember("told-at", Date.now());
  } catch (error) {
    tell(error.name === "NotAllowedError"
      ? "Điện thoại đang chặn thông báo của trang này. Hãy cho phép trong cài đặt của trình duyệt."
      : "Chưa bật được. Xin kiểm tra mạng rồi thử lại.");
    showTold();
  }
};

// Once more what was chosen: the server may have forgotten this phone, or its reader has another commune now.
export const renew = async () => {
  const phone = "serviceWorker" in navigator ? await told() : null;
  const choice = phone ? recall("told", "") : "";
  if (choice) {
    await register(phone, choice === "tin");
    remember("told-at", Date.now());
  }
  return choice;
};

const showTold = async () => {
  const place = part("push");
  if (!place || !("PushManager" in self) || !("serviceWorker" in navigator)) return;
  const choice = await renew().catch(() => {
    tell("Chưa xác nhận được việc báo tin với máy chủ. Khi có mạng, xin mở lại trang này.");
    return recall("told", "");
  });
  for (const radio of place.querySelectorAll("[name=bao]")) radio.checked = radio.value === choice;
  place.hidden = false;
};

const deeds = [
  ["push", "change", wanted],
  ["install-now", "click", install],
  ["install-never", "click", () => {
    remember("install-never", true);
    showOffer();
    tell("Khi cần, mở mục Tùy chọn.");
  }],
  ["keys", "change", (event) => remember("keys", event.target.checked)],
];

// A size is seen at once; "Lưu tùy chọn" keeps it.
const size = (event) => {
  if (event.target.matches("[data-size-choice]")) document.documentElement.dataset.size = event.target.value;
};
document.addEventListener("change", size);

export const show = (fresh) => {
  offer = fresh ?? offer;
  showOffer();
  showTold().catch(() => {}); // a private window has no worker
  const keys = part("keys");
  if (keys) {
    keys.checked = recall("keys", true);
    part("keys-choice").hidden = false;
  }
  for (const [name, event, act] of deeds) {
    const key = part(name);
    if (key && !key.dataset.live) {
      key.dataset.live = "";
      key.addEventListener(event, act);
    }
  }
};
