// While something is heard, ways between pages change only what stands in <main>, so that the sound goes on.
// Whatever does not work that way is an ordinary visit.
import * as sound from "./sound.js";

const OUT = ["/desk", "/api", "/media", "/feeds", "/static", "/covers", "/embed"];
const shown = [];
export const onShow = (act) => shown.push(act);
export const showAll = () => shown.forEach((act) => act());

const ours = (url) => url.origin === location.origin && !OUT.some((path) => url.pathname.startsWith(path));

// `way` is "push", "replace", or "none" when the browser has moved already.
export const visit = async (url, way = "push", focus = true) => {
  let page;
  try {
    const answer = await fetch(url, { headers: { Accept: "text/html" } });
    if (!answer.headers.get("Content-Type")?.startsWith("text/html")) throw new Error("no page");
    page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!page.querySelector("[data-dock]")) throw new Error("not a page of the player");
    if (answer.redirected) url = new URL(answer.url);
  } catch {
    location.assign(url);
    return;
  }
  if (way === "push") history.pushState(null, "", url);
  if (way === "replace") history.replaceState(null, "", url);
  const main = document.querySelector("main"), fresh = page.querySelector("main");
  main.replaceWith(fresh);
  document.title = page.title;
  document.documentElement.dataset.saver = page.documentElement.dataset.saver;
  for (const selector of [".roads", ".top .find"]) {
    const [old, next] = [document.querySelector(selector), page.querySelector(selector)];
    if (old && next) old.replaceWith(next);
  }
  showAll();
  const target = url.hash && document.getElementById(decodeURIComponent(url.hash.slice(1)));
  if (target) target.scrollIntoView();
  else if (way !== "none") scrollTo(0, 0);
  if (focus) fresh.focus({ preventScroll: true });
};

export const begin = () => {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (event.defaultPrevented || !link || !sound.item() || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (link.target || link.hasAttribute("download") || link.closest("[data-no-soft]")) return;
    const url = new URL(link.href);
    const jump = url.hash && url.pathname === location.pathname && url.search === location.search;
    if (!ours(url) || jump) return;
    event.preventDefault();
    visit(url);
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "get" || !sound.item() || form.closest("[data-no-soft]")) return;
    event.preventDefault();
    const url = new URL(form.action);
    url.search = new URLSearchParams(new FormData(form));
    visit(url);
  });
  addEventListener("popstate", () => visit(new URL(location.href), "none"));
  // The reader who follows the text of one article is shown the next one with its sound.
  let last = null;
  sound.on("item", () => {
    const next = sound.item(), read = last;
    last = next;
    if (read && next && read.episode !== next.episode && location.pathname === read.page) {
      visit(new URL(next.page, location), "replace", false);
    }
  });
};
