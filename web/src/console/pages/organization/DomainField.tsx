import { ChipField } from "../../ui/ChipField";
import { checkDomain } from "./domain";

interface Properties {
  label: string;
  hint: string;
  error: string | undefined;
  domains: readonly string[];
  onChange: (domains: string[]) => void;
}

/** A list of e-mail domains, each once. What is no domain stays in the input, with the reason. */
export function DomainField({ label, hint, error, domains, onChange }: Properties) {
  const add = (text: string) => {
    const added = text.split(/[\s,;]+/).filter(Boolean);
    const wrong = added.filter((domain) => checkDomain(domain) !== undefined);
    const known = new Set(domains.map((domain) => domain.toLowerCase()));
    const fresh = added.filter((domain) => !wrong.includes(domain) && !known.has(domain.toLowerCase()) && known.add(domain.toLowerCase()));
    if (fresh.length > 0) onChange([...domains, ...fresh]);
    return { rest: wrong.join(" "), about: wrong[0] === undefined ? "" : (checkDomain(wrong[0]) ?? "") };
  };
  return (
    <ChipField
      label={label}
      hint={hint}
      error={error}
      addLabel="New domain"
      placeholder="acme.test"
      chips={domains.map((domain) => ({ key: domain, text: domain, name: domain }))}
      onAdd={add}
      onRemove={(removed) => onChange(domains.filter((domain) => domain !== removed))}
    />
  );
}
