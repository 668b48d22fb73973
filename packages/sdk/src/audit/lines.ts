const BREAK = 0x0a;

/** Splits bytes into lines without their breaks; what follows the last break is a line too, unless it is empty. */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly Buffer[], void, undefined> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of chunks) {
    const data = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = data.indexOf(BREAK); end >= 0; end = data.indexOf(BREAK, start)) {
      lines.push(data.subarray(start, end));
      start = end + 1;
    }
    rest = data.subarray(start);
    // Thousands at a time: an await per line would take longer than its hash.
    if (lines.length > 0) yield lines;
  }
  if (rest.length > 0) yield [rest];
}
