export { main } from "./cli.ts";
export type { CommandIo, InputStream, OutputStream } from "./io.ts";
