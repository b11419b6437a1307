// E-mail addresses as people type and paste them.

/** How many addresses one input of the API has at most. */
export const MOST_RECIPIENTS = 100;

const mostBytes = 254;
const encoder = new TextEncoder();

// The form that Go's net/mail takes without quotes: a dot-atom before the @, and a domain after it. Beyond ASCII every character is allowed.
const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~\\u0080-\\u{10ffff}-]+";
const addressForm = new RegExp(`^${atom}(?:\\.${atom})*@${atom}(?:\\.${atom})*$`, "u");

/** Whether a text is one e-mail address, as finance@example.com. */
export const isAddress = (text: string): boolean => addressForm.test(text) && encoder.encode(text).length <= mostBytes;

/** What was found in a text: addresses that are new, those that are there already, and what is no address. */
export type FoundAddresses = { added: string[]; known: string[]; wrong: string[] };

/**
 * Reads a pasted list: addresses parted by commas, semicolons, spaces or lines, each alone, in angle brackets after a name, as mail
 * programs copy them, or as a mailto: link. An address that is in `present` in whatever case is not added again.
 */
export function readAddresses(text: string, present: readonly string[]): FoundAddresses {
  const found: FoundAddresses = { added: [], known: [], wrong: [] };
  const seen = new Set(present.map(fold));
  const take = (address: string) => {
    if (!isAddress(address)) found.wrong.push(address);
    else if (seen.has(fold(address))) found.known.push(address);
    else {
      seen.add(fold(address));
      found.added.push(address);
    }
  };
  for (const entry of entriesOf(text)) {
    const bracketed = /<\s*([^<>]*?)\s*>\s*$/.exec(entry);
    if (bracketed?.[1] !== undefined) take(bracketed[1]);
    else for (const word of entry.split(/\s+/)) if (word !== "") take(word.replace(/^mailto:/i, "").replace(/^<|>$/g, ""));
  }
  return found;
}

/** Parts a list at commas, semicolons and lines, but not within the quotes of a name: "Doe, Jane" <jane@acme.test>. */
function entriesOf(text: string): string[] {
  const entries: string[] = [];
  let entry = "";
  let quoted = false;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    if (character === "\n" || character === "\r") quoted = false;
    if (!quoted && /[,;\r\n]/.test(character)) {
      entries.push(entry);
      entry = "";
    } else entry += character;
  }
  return [...entries, entry].map((one) => one.trim()).filter((one) => one !== "");
}

/** An address for comparison: the API tells addresses apart whatever their case, also beyond ASCII. */
export const fold = (address: string): string => address.toLowerCase();

/** What to tell of a list that was read, beside its field; "" when there is nothing to tell. */
export function aboutAddresses(found: FoundAddresses): string {
  const about: string[] = [];
  if (found.wrong.length === 1) about.push(`${found.wrong[0]} is not an e-mail address.`);
  if (found.wrong.length > 1) about.push(`Not e-mail addresses: ${listed(found.wrong)}.`);
  if (found.known.length === 1) about.push(`${found.known[0]} is there already.`);
  if (found.known.length > 1) about.push(`${found.known.length} are there already.`);
  return about.join(" ");
}

const listed = (texts: string[]): string =>
  texts.length > 5 ? `${texts.slice(0, 5).join(", ")} and ${texts.length - 5} more` : texts.join(", ");
