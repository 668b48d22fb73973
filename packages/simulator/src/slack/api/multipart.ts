/** Takes the bytes of the only file out of a multipart/form-data body; undefined when there is none. */
export function readFilePart(contentType: string, body: Buffer): Buffer | undefined {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (boundary === undefined) return undefined;
  const headerEnd = body.indexOf("\r\n\r\n");
  if (headerEnd < 0 || !body.subarray(0, headerEnd).includes(`--${boundary}`)) return undefined;
  const start = headerEnd + 4;
  const end = body.indexOf(`\r\n--${boundary}`, start);
  return end < 0 ? undefined : body.subarray(start, end);
}
