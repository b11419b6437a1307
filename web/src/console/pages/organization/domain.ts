/** What is wrong with an e-mail domain that was typed; undefined when nothing is. The server decides in any case. */
export function checkDomain(text: string): string | undefined {
  if (text.includes("@")) return "Leave out what is before the @, and the @ itself.";
  if (text.length > 253 || !/^[^\s@.]+(\.[^\s@.]+)+$/.test(text)) return `${text} is no domain.`;
  return undefined;
}
