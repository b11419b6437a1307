import { useMemo } from "react";
import type { PriceUnit } from "../../gql/graphql";
import { DataTable, type Column } from "../../ui/DataTable";
import { None } from "../../ui/Format";
import { serviceTiers } from "../usage/state";
import styles from "./Prices.module.css";
import { fallbacks, isPiece, kindText, rateText, unitNames, units, type Rate } from "./words";

interface Row {
  unit: PriceUnit;
}

/** All rates of a price: a row for each unit, a column for each service tier and size of input that has a rate. */
export function RatesTable({ rates }: { rates: readonly Rate[] }) {
  const rows = useMemo(() => units.filter((unit) => rates.some((rate) => rate.unit === unit)).map((unit): Row => ({ unit })), [rates]);
  const columns = useMemo(() => columnsOf(rates), [rates]);
  return <DataTable label="Rates" columns={columns} rows={rows} rowKey={({ unit }) => unit} />;
}

function columnsOf(rates: readonly Rate[]): Column<Row>[] {
  const kinds = serviceTiers.flatMap((tier) => {
    const sizes = new Set(rates.filter(({ serviceTier }) => serviceTier === tier).map(({ aboveInputTokens }) => aboveInputTokens));
    return [...sizes].sort((a, b) => a - b).map((above) => ({ tier, above }));
  });
  const rateOf = (unit: PriceUnit, tier: Rate["serviceTier"], above: number) =>
    rates.find((each) => each.unit === unit && each.serviceTier === tier && each.aboveInputTokens === above);
  return [
    {
      id: "unit",
      header: "Unit",
      grow: true,
      cell: ({ unit }) => (
        <>
          {unitNames[unit]}
          <span className={styles.second}>{isPiece(unit) ? "each" : "a million tokens"}</span>
          {kinds.slice(1).map(({ tier, above }) => {
            const rate = rateOf(unit, tier, above);
            return (
              rate && (
                <span key={`${tier} ${above}`} className={`${styles.second} ${styles.narrowOnly}`}>
                  {kindText(tier, above)} {rateText(rate)}
                </span>
              )
            );
          })}
        </>
      ),
    },
    ...kinds.map(({ tier, above }, index): Column<Row> => ({
      id: `${tier} ${above}`,
      header: kindText(tier, above),
      align: "right",
      wideOnly: index > 0,
      cell: ({ unit }) => {
        const rate = rateOf(unit, tier, above);
        if (rate) return rateText(rate);
        const { [unit]: instead } = fallbacks;
        const has = instead && rateOf(instead, tier, above);
        return <None label={has ? `as ${unitNames[instead].toLowerCase()}` : "no rate of its own"} />;
      },
    })),
  ];
}
