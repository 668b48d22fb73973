// Draws what a command printed as an SVG: `FORCE_COLOR=1 <command> | node scripts/terminal-picture.mjs TITLE > file.svg`.
// Understands the colours that the terminal renderer uses; text stays text, so the picture can be searched and read aloud.
import { text } from "node:stream/consumers";

const CELL_WIDTH = 8.4;
const LINE_HEIGHT = 18;
const MARGIN = 20;
const BAR = 34;
const COLORS = { 31: "#f47067", 32: "#8ddb8c", 33: "#e0b84c", 36: "#6cc7d6" };

const title = process.argv[2] ?? "";
const lines = (await text(process.stdin)).replaceAll("\r", "").trimEnd().split("\n");
// biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character is what colours begin with
const CODE = /\u001b\[([\d;]*)m/;
const longest = Math.max(...lines.map((line) => line.replaceAll(new RegExp(CODE, "g"), "").length));
const width = Math.ceil(longest * CELL_WIDTH + 2 * MARGIN);
const height = lines.length * LINE_HEIGHT + BAR + 2 * MARGIN;

let style = {};
const rows = lines.map((line, row) => {
  const y = BAR + MARGIN + (row + 0.75) * LINE_HEIGHT;
  return `<text x="${MARGIN}" y="${y}" xml:space="preserve">${spans(line)}</text>`;
});
const dots = ["#f47067", "#e0b84c", "#8ddb8c"].map(
  (color, index) => `<circle cx="${MARGIN + index * 20}" cy="${BAR / 2}" r="6" fill="${color}"/>`,
);
process.stdout.write(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${escaped(title)}</title>
<rect width="${width}" height="${height}" rx="10" fill="#161b22"/>
${dots.join("")}
<text x="${width / 2}" y="${BAR / 2 + 5}" text-anchor="middle" fill="#8b949e" font-family="monospace" font-size="13">${escaped(title)}</text>
<g fill="#d1d7e0" font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14">
${rows.join("\n")}
</g>
</svg>
`);

function spans(line) {
  return line
    .split(new RegExp(CODE, "g"))
    .map((part, index) => {
      if (index % 2 === 0) return part === "" ? "" : span(part);
      for (const code of part.split(";").map(Number)) apply(code);
      return "";
    })
    .join("");
}

function apply(code) {
  if (code === 0) style = {};
  else if (code === 1) style.bold = true;
  else if (code === 2) style.dim = true;
  else if (code === 22) style = { color: style.color };
  else style.color = COLORS[code];
}

function span(part) {
  const width = ` textLength="${(part.length * CELL_WIDTH).toFixed(1)}" lengthAdjust="spacingAndGlyphs"`;
  const color = style.color === undefined ? "" : ` fill="${style.color}"`;
  const weight = style.bold ? ' font-weight="bold"' : "";
  const opacity = style.dim ? ' opacity="0.7"' : "";
  return `<tspan${width}${color}${weight}${opacity}>${escaped(part)}</tspan>`;
}

function escaped(part) {
  return part.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
