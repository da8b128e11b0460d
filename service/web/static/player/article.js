// Around the text: "Đọc sai?" over the page instead of on one of its own, and sharing as the phone does it.
import { now } from "./text.js";
import { tell } from "./words.js";

let dialog = null;

const chosenWord = () => {
  const selection = getSelection();
  const line = selection?.anchorNode?.parentElement?.closest(".line");
  const word = String(selection).trim();
  return line && word ? { n: line.dataset.n, word } : {};
};

// The form's own page, shown in a dialog; where that fails, the page itself.
const ask = async (address) => {
  const answer = await fetch(address, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  fill(page, address);
};

const fill = (page, address) => {
  const form = page.querySelector("[data-misreading-page]");
  if (!form) return location.assign(address);
  if (!dialog) {
    dialog = document.createElement("dialog");
    dialog.setAttribute("aria-label", "Báo chỗ đọc sai");
    document.body.append(dialog);
  }
  const close = document.createElement("button");
  Object.assign(close, { type: "button", className: "button small close", textContent: "Đóng" });
  close.addEventListener("click", () => dialog.close());
  dialog.replaceChildren(close, form);
  dialog.dataset.address = address;
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
};

const send = async (form) => {
  const key = form.querySelector("button:not([type])");
  key.disabled = true;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form) });
    fill(new DOMParser().parseFromString(await answer.text(), "text/html"), form.action);
    dialog.querySelector("[role=status], [role=alert]")?.setAttribute("tabindex", "-1");
    dialog.querySelector("[role=status], [role=alert]")?.focus();
  } catch {
    key.disabled = false;
    tell("Không có mạng, chưa gửi được. Xin thử lại sau.");
  }
};

const copy = async (field) => {
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    tell("Đã sao chép.");
  } catch {
    tell("Chưa sao chép được; hãy giữ tay vào ô chữ rồi chọn Sao chép.");
  }
};

export const show = () => {
  for (const key of document.querySelectorAll("main [data-copy]")) key.hidden = false;
  const sheet = document.querySelector("main [data-share-sheet]");
  if (sheet) sheet.hidden = !navigator.share;
  const article = document.querySelector("[data-article]");
  for (const link of document.querySelectorAll(".dock [data-misread]")) {
    link.hidden = !article;
    if (article) link.href = article.dataset.misreading;
  }
};

export const begin = () => {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-misread], dialog a[href^='?n=']");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      const url = new URL(link.getAttribute("href"), link.closest("dialog") ? new URL(dialog.dataset.address, location) : location);
      if (link.matches("[data-misread]")) url.search = new URLSearchParams({ n: now() ?? "", ...chosenWord() });
      ask(url.pathname + url.search).catch(() => tell("Không có mạng, chưa mở được. Xin thử lại sau."));
    }
    if (event.target.closest("dialog [data-misreading-done]")) {
      event.preventDefault();
      dialog.close();
    }
    const key = event.target.closest("[data-copy]");
    if (key) copy(key.closest("details").querySelector("[data-copied]"));
    if (event.target.closest("[data-share-sheet]")) {
      navigator.share({ title: document.title, url: document.querySelector("link[rel=canonical]").href }).catch(() => {});
    }
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.closest("dialog [data-misreading-page]")) return;
    event.preventDefault();
    send(event.target);
  });
  // A word held down on a phone is selected: then it is the one to report.
  document.addEventListener("selectionchange", () => {
    const { word } = chosenWord();
    for (const link of document.querySelectorAll("[data-misread]")) {
      link.textContent = word && word.length < 40 ? `Đọc sai “${word}”?` : "Đọc sai?";
    }
  });
};
