// The player's comforts. Every page is whole without them: they join what is already there.
import * as article from "./article.js";
import * as dock from "./dock.js";
import * as items from "./items.js";
import * as offline from "./offline.js";
import * as pages from "./pages.js";
import * as text from "./text.js";
import { recall, remember } from "./memory.js";

const parts = [items, text, article, offline];

for (const part of parts) pages.onShow(part.show);
items.begin();
text.begin();
article.begin();
pages.begin();
pages.showAll();
dock.begin();
offline.begin().then(pages.showAll);

// What few ask for comes when it is asked for: choices, and the offer to install once somebody has come to hear news.
const comforts = () => import("./comforts.js").then((part) => part.show(offer), () => {});
let offer = null;

// A phone that is told of news says so again each day, and at once after its commune was chosen anew.
const RENEWED_MS = 24 * 3600_000;
document.addEventListener("submit", (event) => {
  if (new URL(event.target.action, location).pathname === "/settings") remember("told-at", 0);
});
const isOld = () => recall("told", "") && Date.now() - recall("told-at", 0) > RENEWED_MS;
const renew = () => { if (isOld()) import("./comforts.js").then((part) => part.renew()).catch(() => {}); };
pages.onShow(renew);

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offer = event;
  if (Object.keys(recall("heard", {})).length) comforts();
});
pages.onShow(() => { if (document.querySelector("main [data-comforts]")) comforts(); });
if (document.querySelector("main [data-comforts]")) comforts();
