// A feed on standard input, as podcast-partytime understands it, as JSON on standard output. The package's folder is the argument.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
process.env.LOG = "silent";
const { parseFeed } = createRequire(process.argv[2] + "/")("podcast-partytime");
console.log(JSON.stringify(await parseFeed(readFileSync(0, "utf-8"))));
