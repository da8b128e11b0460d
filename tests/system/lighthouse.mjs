// What Lighthouse finds at the addresses given, as a JSON list on standard output. Arguments: the packages' folder, addresses.
import { createRequire } from "node:module";
const [folder, ...addresses] = process.argv.slice(2);
const load = (name) => import(createRequire(`${folder}/`).resolve(name));
const [{ default: lighthouse }, { launch }] = [await load("lighthouse"), await load("chrome-launcher")];
const chrome = await launch({ chromeFlags: ["--headless=new", "--no-sandbox", "--disable-gpu"] });
const told = [];
try {
  for (const address of addresses) {
    const run = await lighthouse(address, {
      port: chrome.port,
      logLevel: "error",
      onlyCategories: ["performance", "accessibility", "best-practices"],
      disableFullPageScreenshot: true,
    });
    told.push(run.lhr);
  }
} finally {
  chrome.kill();
}
console.log(JSON.stringify(told));
