import { Document, isMap, isNode, isScalar, type Pair } from "yaml";
import type { Translation } from "./translation.ts";

/** Writes a translation as the text of a `kappa4.yaml`, with what a person should know as comments. */
export function writeConfig(translation: Translation, source: string, name: string): string {
  const { connection, balancing, changed } = translation;
  const document = new Document({ connections: { [name]: connection }, balancing });
  for (const [path, sentence] of Object.entries(changed)) {
    const isOfConnection = !path.startsWith("balancing");
    comment(document, isOfConnection ? ["connections", name, path] : path.split("."), sentence);
  }
  document.commentBefore = lines(head(translation, source)).join("\n");
  return document.toString({ lineWidth: 0 });
}

function head(
  { carried, dropped, unknown, variables }: Translation,
  source: string,
): readonly string[] {
  return [
    `Translated from ${source} of ProxLB: ${carried.length} settings taken over.`,
    "The tags plb_affinity_*, plb_anti_affinity_*, plb_ignore_* and plb_pin_* go on working as they are.",
    ...(variables.length === 0 ? [] : [`Set before use: ${variables.join(", ")}.`]),
    ...section(
      "Not taken over:",
      Object.entries(dropped).map(([key, reason]) => `${key}: ${reason}`),
    ),
    ...section("Unknown, to ProxLB too; look for typing errors:", unknown),
  ];
}

function section(title: string, items: readonly string[]): readonly string[] {
  return items.length === 0 ? [] : ["", title, ...items.map((item) => `  ${item}`)];
}

function comment(document: Document, path: readonly string[], sentence: string): void {
  const owner = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(owner)) return;
  const pair: Pair | undefined = owner.items.find(
    ({ key }) => isScalar(key) && key.value === path.at(-1),
  );
  if (pair === undefined || !isNode(pair.key)) return;
  pair.key.commentBefore = lines(wrap(sentence)).join("\n");
}

function lines(texts: readonly string[]): readonly string[] {
  return texts.map((text) => (text === "" ? "" : ` ${text}`));
}

function wrap(sentence: string): readonly string[] {
  const result: string[] = [];
  for (const word of sentence.split(" ")) {
    const last = result.at(-1);
    if (last === undefined || last.length + word.length > 88) result.push(word);
    else result[result.length - 1] = `${last} ${word}`;
  }
  return result;
}
