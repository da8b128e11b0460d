// The player's comforts. Every page is whole without them: they join what is already there.
import * as article from "./article.js";
import * as dock from "./dock.js";
import * as items from "./items.js";
import * as offline from "./offline.js";
import * as pages from "./pages.js";
import * as text from "./text.js";
import { recall } from "./memory.js";

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
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offer = event;
  if (Object.keys(recall("heard", {})).length) comforts();
});
pages.onShow(() => { if (document.querySelector("main [data-comforts]")) comforts(); });
if (document.querySelector("main [data-comforts]")) comforts();
