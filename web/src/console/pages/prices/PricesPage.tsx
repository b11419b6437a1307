import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useViewer } from "../../app/viewer";
import { ButtonLink } from "../../ui/Button";
import { Page } from "../../ui/Page";
import { Tabs } from "../../ui/Tabs";
import { CostTab } from "./CostTab";
import { MultipliersTab } from "./MultipliersTab";
import { PricesTab } from "./PricesTab";
import { pricesSearch, type PriceTab } from "./search";
import { UnpricedTab } from "./UnpricedTab";

/** What calls cost: prices, the cost of a call, usage without a price, and what the organization pays of prices. */
export function PricesPage(): ReactElement {
  const { can } = useViewer();
  const { tab = "list" } = useSearch({ from: "/shell/prices" });
  const navigate = useNavigate();
  return (
    <Page
      title="Prices"
      lead="What calls cost that gateways report without a cost. US dollars for a million tokens, or for one image, request or search."
      actions={
        can.administer && (
          <ButtonLink variant="primary" icon="plus" to="/prices/new">
            Set a price
          </ButtonLink>
        )
      }
    >
      <Tabs<PriceTab>
        label="Parts of the prices"
        value={tab}
        onChange={(chosen) => void navigate({ to: "/prices", search: pricesSearch({ tab: chosen }) })}
        tabs={[
          { value: "list", label: "Prices", content: <PricesTab /> },
          { value: "cost", label: "Cost of a call", content: <CostTab /> },
          { value: "unpriced", label: "Unpriced usage", content: <UnpricedTab /> },
          ...(can.seeEverything ? [{ value: "multipliers" as const, label: "Discounts", content: <MultipliersTab /> }] : []),
        ]}
      />
    </Page>
  );
}
