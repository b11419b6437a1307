import { periodText } from "../keys/form/describe";
import { Bar } from "../../ui/Bar";
import { None } from "../../ui/Format";
import { amount, shortAmount as short } from "../../ui/format";
import styles from "./TightestBudget.module.css";

interface Budget {
  id: string;
  type: "COST" | "TOKENS" | "REQUESTS";
  amount: string;
  used: string;
  reserved: string;
  periodicReset: keyof typeof periodText;
}


const takenShare = (budget: Budget) => (Number(budget.used) + Number(budget.reserved)) / Number(budget.amount);

/** The budget that is fullest. */
export function TightestBudget({ budgets }: { budgets: readonly Budget[] }) {
  const [tightest] = [...budgets].sort((a, b) => takenShare(b) - takenShare(a));
  if (tightest === undefined) return <None label="no budget" />;
  const { type, used, reserved } = tightest;
  const of = `of ${short(tightest.amount, type)}${type === "COST" ? "" : ` ${type.toLowerCase()}`} ${periodText[tightest.periodicReset]}`;
  const text = `${amount(used, type)} of ${amount(tightest.amount, type)} ${periodText[tightest.periodicReset]}`;
  return (
    <div className={styles.budget}>
      <span>
        {short(used, type)} <span className={styles.text}>{of}</span>
      </span>
      <Bar thin label={`${text}, ${amount(reserved, type)} held`} used={Number(used)} held={Number(reserved)} max={Number(tightest.amount)} />
    </div>
  );
}
