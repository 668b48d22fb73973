/** Colours that can be told apart on white, by eyes of all kinds. */
export const colors = {
  ink: "#24292f",
  faint: "#8c959f",
  line: "#d0d7de",
  before: "#c8d1da",
  after: "#2f6feb",
  window: "#dafbe1",
  other: "#bc4c00",
} as const;

/** A picture on white, with a title that is read aloud. */
export function picture(
  width: number,
  height: number,
  title: string,
  parts: readonly string[],
): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, 'DejaVu Sans', Helvetica, Arial, sans-serif" font-size="13">
<title>${escaped(title)}</title>
<rect width="${width}" height="${height}" rx="8" fill="#ffffff"/>
${parts.join("\n")}
</svg>
`;
}

/** Words at a place. */
export function words(
  x: number,
  y: number,
  text: string,
  anchor: "start" | "middle" | "end" = "start",
  fill: string = colors.ink,
): string {
  return `<text x="${rounded(x)}" y="${rounded(y)}" text-anchor="${anchor}" fill="${fill}">${escaped(text)}</text>`;
}

/** A filled rectangle. */
export function box(x: number, y: number, width: number, height: number, fill: string): string {
  return `<rect x="${rounded(x)}" y="${rounded(y)}" width="${rounded(width)}" height="${rounded(height)}" fill="${fill}"/>`;
}

/** A straight line. */
export function line(
  [x1, y1]: readonly [number, number],
  [x2, y2]: readonly [number, number],
  stroke: string,
): string {
  return `<line x1="${rounded(x1)}" y1="${rounded(y1)}" x2="${rounded(x2)}" y2="${rounded(y2)}" stroke="${stroke}"/>`;
}

/** A line through points, with a dot on each. */
export function curve(points: readonly (readonly [number, number])[], stroke: string): string {
  const path = points.map(([x, y]) => `${rounded(x)},${rounded(y)}`).join(" ");
  const dots = points.map(
    ([x, y]) => `<circle cx="${rounded(x)}" cy="${rounded(y)}" r="3" fill="${stroke}"/>`,
  );
  return `<polyline points="${path}" fill="none" stroke="${stroke}" stroke-width="2"/>${dots.join("")}`;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
