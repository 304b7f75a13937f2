// Makes page.css out of nhsuk-frontend: node build.mjs NODE_MODULES OUT TEMPLATE...
//
// What no template uses is left out. Class names begin with `ui-` instead of `nhsuk-`: who reads the
// source of a page must not learn from it what kind of meeting it is about. Left and right become
// start and end, so that one style sheet serves languages of both directions.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import fs from "node:fs";
import path from "node:path";

const [modules, out, ...templates] = process.argv.slice(2);
const require = createRequire(pathToFileURL(path.resolve(modules, "here.js")));
const sass = require("sass");
const postcss = require("postcss");
const { PurgeCSS } = require("purgecss");

const LICENCE = "/* Where parts of this come from: /assets/licences.txt */\n";
const source = path.join(path.dirname(new URL(import.meta.url).pathname), "page.scss");

const SIDES = {
  "margin-left": "margin-inline-start",
  "margin-right": "margin-inline-end",
  "padding-left": "padding-inline-start",
  "padding-right": "padding-inline-end",
  "border-left": "border-inline-start",
  "border-right": "border-inline-end",
  "border-left-width": "border-inline-start-width",
  "border-right-width": "border-inline-end-width",
  "border-left-color": "border-inline-start-color",
  "border-right-color": "border-inline-end-color",
  "border-left-style": "border-inline-start-style",
  "border-right-style": "border-inline-end-style",
  "border-top-left-radius": "border-start-start-radius",
  "border-top-right-radius": "border-start-end-radius",
  "border-bottom-left-radius": "border-end-start-radius",
  "border-bottom-right-radius": "border-end-end-radius",
  left: "inset-inline-start",
  right: "inset-inline-end",
};
const WORDS = { left: "start", right: "end" };

// "1px calc(2px + 3px) 4px 5px" in parts
function parts(value) {
  return postcss.list.space(value);
}

function turn(declaration) {
  const { prop, value, important } = declaration;
  if (/url\((?!["']?data:)/.test(value)) {
    declaration.remove(); // pictures of search fields and sorted columns, which no page has
  } else if (SIDES[prop]) {
    declaration.prop = SIDES[prop];
  } else if (prop === "text-align" && WORDS[value]) {
    declaration.value = WORDS[value];
  } else if (prop === "float" && WORDS[value]) {
    declaration.value = `inline-${WORDS[value]}`;
  } else if (["margin", "padding", "border-width"].includes(prop)) {
    const [top, right, bottom, left] = parts(value);
    const [of, kind = ""] = prop.split(/(?=-)/);
    if (left !== undefined && left !== right) {
      declaration.before({ prop: `${of}-block${kind}`, value: `${top} ${bottom}`, important });
      declaration.replaceWith({ prop: `${of}-inline${kind}`, value: `${left} ${right}`, important });
    }
  }
}

const sheet = sass.compile(source, { loadPaths: [modules], style: "expanded", quietDeps: true, charset: false });
// Without any template everything is kept.
const content = templates.map((name) => ({ raw: fs.readFileSync(name, "utf8"), extension: "html" }));
const renamed = sheet.css.replaceAll("nhsuk-", "ui-");
// `ui-tag--{{line.tag}}` may become any class that begins like it; codes are drawn as <svg> by lib.
const begun = content.flatMap(({ raw }) => [...raw.matchAll(/\b(ui-[\w-]+-)\{\{/g)].map((match) => match[1]));
const [kept] = await new PurgeCSS().purge({
  content,
  css: [{ raw: renamed }],
  defaultExtractor: (text) => text.match(/[A-Za-z][\w-]*(?:[/@:][\w-]+)*/g) ?? [],
  dynamicAttributes: ["dir"],
  safelist: { standard: ["html", "body", "svg", ...begun.map((word) => new RegExp(`^${word}`))] },
});
const root = postcss.parse(templates.length ? kept.css : renamed);
root.walkComments((comment) => comment.remove());
root.walkDecls(turn);
const small = sass.compileString(root.toString(), { style: "compressed", charset: false }).css;
if (/url\((?!["']?data:)/.test(small) || /nhs/i.test(small) || /@import|@font-face/.test(small))
  throw new Error("the style sheet names another file, a font or somebody's name");

// A class that only variants of a component would style has no rule left. An empty one says that it is
// a known word, since the build refuses any other.
const names = (css) => new Set([...css.matchAll(/\.(-?[A-Za-z_][\w-]*)/g)].map((match) => match[1]));
const used = names(content.flatMap(({ raw }) => [...raw.matchAll(/\bui-[\w-]+/g)].map((match) => `.${match[0]}`)).join(" "));
const styled = names(small);
const plain = [...names(renamed)].filter((name) => used.has(name) && !styled.has(name)).sort();
fs.writeFileSync(out, LICENCE + small.replaceAll("}", "}\n").replaceAll(/\n}/g, "}") + "\n"
  + plain.map((name) => `.${name}{}\n`).join(""));
