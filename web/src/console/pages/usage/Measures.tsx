import { cx } from "../../ui/cx";
import { compact, count, money } from "../../ui/format";
import styles from "./Measures.module.css";
import { changeText, type Before } from "./before";
import { measureNames, valueText } from "./names";
import { valueOf, type Totals } from "./report";
import { measures, type Measure } from "./state";

interface Properties {
  /** Undefined while it is read for the first time. */
  total: Totals | undefined;
  /** Undefined: it is not compared. */
  before: Before | undefined;
  measure: Measure;
  onChange: (measure: Measure) => void;
}

/** The sums of the report; the one that is chosen is what chart and tables show. */
export function Measures({ total, before, measure, onChange }: Properties) {
  return (
    <fieldset className={styles.measures}>
      <legend className="visually-hidden">What to show</legend>
      {measures.map((each) => (
        <label key={each} className={cx(styles.measure, each === measure && styles.chosen)}>
          <input type="radio" name="measure" className="visually-hidden" checked={each === measure} onChange={() => onChange(each)} />
          <span className={styles.name}>{measureNames[each]}</span>
          <span className={styles.figure}>{total ? figure(total, each) : "–"}</span>
          <span className={styles.note}>{total && note(total, each)}</span>
          {total && before && <span className={styles.note}>{changeNote(total, before, each)}</span>}
        </label>
      ))}
    </fieldset>
  );
}

/** The change, and from what. */
function changeNote(total: Totals, before: Before, measure: Measure): string {
  const earlier = valueOf(before.total, measure);
  return earlier === 0 ? "nothing before" : `${changeText(valueOf(total, measure), earlier)} from ${valueText(measure, earlier)} before`;
}

function figure(total: Totals, measure: Measure): string {
  switch (measure) {
    case "COST":
      return money(total.cost);
    case "TOKENS":
      return compact(total.tokens);
    case "REQUESTS":
      return total.requests < 100_000 ? count(total.requests) : compact(total.requests);
    case "DENIED":
      return total.denied < 100_000 ? count(total.denied) : compact(total.denied);
  }
}

function note(total: Totals, measure: Measure): string {
  switch (measure) {
    case "COST":
      return total.requests > 0 ? `${money((Number(total.cost) / total.requests).toFixed(9))} a request` : "";
    case "TOKENS":
      return `${compact(total.inputTokens)} in, ${compact(total.outputTokens)} out`;
    case "REQUESTS":
      return total.requests > 0 ? `${compact(Math.round(total.tokens / total.requests))} tokens each` : "";
    case "DENIED":
      return total.denied > 0 ? `${((100 * total.denied) / (total.denied + total.requests)).toFixed(1)}% of what was asked` : "";
  }
}
