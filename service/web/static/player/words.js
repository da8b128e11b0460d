// How the player speaks to people: times, sizes, and the one line at the bottom that says what happened.
export const clock = (seconds) => {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
};

const NO_BREAK = "\u00a0"; // a figure and its unit are read as one, here and in the pages that are sent

export const spelled = (seconds) => {
  const whole = Math.max(0, Math.floor(seconds)), minutes = Math.floor(whole / 60);
  return (minutes ? `${minutes} phút ${whole % 60} giây` : `${whole} giây`).replaceAll(" ", NO_BREAK);
};

export const megabytes = (bytes) =>
  `${Math.max(bytes / 1e6, bytes ? 0.1 : 0).toLocaleString("vi", { minimumFractionDigits: 1, maximumFractionDigits: 1 })}${NO_BREAK}MB`;

const SHOWN_MS = 5000;
const line = document.querySelector("[data-told]");
let timer;

export const tell = (text) => {
  line.textContent = text;
  clearTimeout(timer);
  timer = setTimeout(() => { line.textContent = ""; }, SHOWN_MS);
};
