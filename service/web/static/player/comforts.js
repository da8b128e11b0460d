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

const deeds = [
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
