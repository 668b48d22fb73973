/** Names a person so that nobody takes them for somebody else of that name. */
export function named(name: string, id: string): string {
  return name === id ? id : `${name} (${id})`;
}
