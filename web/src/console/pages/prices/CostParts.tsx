import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import type { PriceOfQuery } from "../../gql/graphql";
import { dayText } from "../../time/format";
import { DataTable, type Column } from "../../ui/DataTable";
import { count, instantUTC, money } from "../../ui/format";
import styles from "./Prices.module.css";
import { multiplierText, ownerName, rateText, unitNames } from "./words";

type Cost = NonNullable<PriceOfQuery["priceOf"]>;
type Part = Cost["parts"][number];

/** The parts of a cost, and how they become its sum. */
export function CostParts({ cost, stale, when }: { cost: Cost; stale: boolean; when: string | undefined }) {
  const columns = useMemo(columnsOf, []);
  const { price, multiplier } = cost;
  return (
    <>
      <DataTable label="Parts of the cost" columns={columns} rows={cost.parts} rowKey={({ unit }) => unit} stale={stale} />
      <div className={styles.sums} role="status">
        {multiplier !== "1" && (
          <p>
            times {multiplier} ({multiplierText(multiplier)})
          </p>
        )}
        <p className={styles.figure}>{money(cost.cost, true)}</p>
        <p className={styles.second}>
          rounded up to a nano-dollar, by the price of{" "}
          <Link to="/prices/$priceId" params={{ priceId: price.id }}>
            {price.model}
          </Link>{" "}
          at {price.provider} ({price.organization ? `${ownerName(price)}’s own` : "everybody’s"}), in effect since{" "}
          {dayText(new Date(price.effectiveFrom))}
          {when && `, at ${instantUTC(when)}`}.
        </p>
      </div>
    </>
  );
}

const ratedText = (part: Part) => (part.perMillion === "0" ? "free" : rateText(part));

const columnsOf = (): Column<Part>[] => [
  {
    id: "unit",
    header: "Unit",
    grow: true,
    cell: (part) => (
      <>
        {unitNames[part.unit]}
        <span className={`${styles.second} ${styles.narrowOnly}`}>
          {count(part.quantity)} {part.perMillion === "0" ? "" : "at "}
          {ratedText(part)}
        </span>
      </>
    ),
  },
  { id: "quantity", header: "Quantity", align: "right", wideOnly: true, cell: ({ quantity }) => count(quantity) },
  { id: "rate", header: "Rate", align: "right", wideOnly: true, cell: ratedText },
  { id: "cost", header: "Cost", align: "right", cell: ({ cost }) => money(cost, true) },
];
