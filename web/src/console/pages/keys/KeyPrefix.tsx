interface Properties {
  prefix: string;
  /** Whether the secret was made by another system, from which the key was imported. */
  foreign: boolean;
}

const meaning = "Its secret was made by another system and imported. It works; rotate the key to give it one of Bursar’s.";

/** What is known of a key's secret: its first characters, or of another system's as that shows it, with a mark. */
export function KeyPrefix({ prefix, foreign }: Properties) {
  if (!foreign) {
    return <code>{prefix === "-" ? "no secret" : `${prefix}…`}</code>;
  }
  return (
    <>
      <code>{prefix}</code> <span title={meaning}>imported secret</span>
    </>
  );
}
