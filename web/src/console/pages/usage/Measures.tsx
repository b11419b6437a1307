import { cx } from "../../ui/cx";
import { compact, count, money } from "../../ui/format";
import styles from "./Measures.module.css";
import { changeText } from "./comparison";
import { measureNames, valueText } from "./names";
import { valueOf, type Previous, type Totals } from "./report";
import { measures, type Measure } from "./state";

interface Properties {
  /** Undefined while it is read for the first time. */
  total: Totals | undefined;
  /** Undefined: it is not compared. */
  previous: Previous | undefined;
  measure: Measure;
  onChange: (measure: Measure) => void;
}

/** The sums of the report; the one that is chosen is what chart and tables show. */
export function Measures({ total, previous, measure, onChange }: Properties) {
  return (
    <fieldset className={styles.measures}>
      <legend className="visually-hidden">What to show</legend>
      {measures.map((each) => (
        <label key={each} className={cx(styles.measure, each === measure && styles.chosen)}>
          <input type="radio" name="measure" className="visually-hidden" checked={each === measure} onChange={() => onChange(each)} />
          <span className={styles.name}>{measureNames[each]}</span>
          <span className={styles.figure}>{total ? figure(total, each) : "–"}</span>
          <span className={styles.note}>{total && note(total, each)}</span>
          {total && previous && <Change now={valueOf(total, each)} earlier={valueOf(previous.total, each)} measure={each} />}
        </label>
      ))}
    </fieldset>
  );
}

/** How much it changed, and from what. */
function Change({ now, earlier, measure }: { now: number; earlier: number; measure: Measure }) {
  if (earlier === 0) return <span className={styles.note}>none in the previous period</span>;
  return (
    <span className={styles.note}>
      <strong className={styles.change}>{changeText(now, earlier)}</strong> from {shortText(measure, earlier)}
    </span>
  );
}

const shortText = (measure: Measure, value: number): string => (measure === "COST" ? valueText(measure, value) : compact(value));

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
