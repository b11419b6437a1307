import type { PriceFieldsFragment } from "../../gql/graphql";
import { None } from "../../ui/Format";
import { count, instantUTC } from "../../ui/format";
import { Card } from "../../ui/Page";
import styles from "./Prices.module.css";
import { Source } from "./PricesTable";
import { ownerName } from "./words";

/** Whose a price is, of what, since when, and where it is from. */
export function PriceFacts({ price }: { price: PriceFieldsFragment }) {
  const { provider, model, organization, effectiveFrom, effectiveTo, maxOutputTokens } = price;
  return (
    <Card>
      <dl className={styles.facts}>
        <Fact name="Provider">{provider}</Fact>
        <Fact name="Of">{model.endsWith("*") ? `models that begin with ${model.slice(0, -1)}` : "this model alone"}</Fact>
        <Fact name="Whose">{organization ? `${ownerName(price)}’s own` : "Everybody’s"}</Fact>
        <Fact name="In effect since">{instantUTC(effectiveFrom)}</Fact>
        <Fact name="Until">{effectiveTo ? instantUTC(effectiveTo) : <None label="no end is known" />}</Fact>
        <Fact name="Largest output">{maxOutputTokens == null ? <None label="not known" /> : `${count(maxOutputTokens)} tokens`}</Fact>
        <Fact name="Source">
          <Source price={price} />
        </Fact>
      </dl>
    </Card>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
