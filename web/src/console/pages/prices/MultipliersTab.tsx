import { useMemo, useState } from "react";
import { useQuery } from "urql";
import { useViewer } from "../../app/viewer";
import type { PriceMultipliersQuery } from "../../gql/graphql";
import { Button } from "../../ui/Button";
import { DataTable, type Column } from "../../ui/DataTable";
import { Empty } from "../../ui/Empty";
import { None } from "../../ui/Format";
import { instantUTC } from "../../ui/format";
import { ErrorNote } from "../../ui/Note";
import { Card } from "../../ui/Page";
import { Multipliers } from "./documents";
import { MultiplierDialog } from "./MultiplierDialog";
import styles from "./Prices.module.css";
import { multiplierText } from "./words";

type Multiplier = Extract<NonNullable<PriceMultipliersQuery["node"]>, { __typename: "Organization" }>["priceMultipliers"][number];
type Setting = { provider: string; multiplier: string };

/** What the organization pays of prices. */
export function MultipliersTab() {
  const { organization, can } = useViewer();
  const [setting, setSetting] = useState<Setting>();
  const [{ data, error, stale, fetching }, retry] = useQuery({ query: Multipliers, variables: { organization: organization.id } });
  const multipliers = data?.node?.__typename === "Organization" ? data.node.priceMultipliers : undefined;
  const columns = useMemo(() => columnsOf(can.administer ? setSetting : undefined), [can.administer]);
  const set = can.administer && (
    <Button small icon="plus" onClick={() => setSetting({ provider: "", multiplier: "" })}>
      Set
    </Button>
  );
  return (
    <>
      <ErrorNote title="The discounts could not be read." error={error} onRetry={() => retry({ requestPolicy: "network-only" })} />
      <Card flush title={`What ${organization.name} pays of prices`} actions={multipliers && multipliers.length > 0 && set}>
        <DataTable
          label="Discounts and mark-ups"
          columns={columns}
          rows={multipliers}
          rowKey={({ provider, effectiveFrom }) => `${provider ?? ""} ${effectiveFrom}`}
          stale={stale || fetching}
          empty={
            <Empty title="As listed" action={set}>
              A discount or a mark-up is a number that costs by prices are multiplied by: for all providers, or for one in its place.
            </Empty>
          }
        />
      </Card>
      {setting && <MultiplierDialog initial={setting} onClose={() => setSetting(undefined)} />}
    </>
  );
}

const columnsOf = (onSet: ((setting: Setting) => void) | undefined): Column<Multiplier>[] => [
  { id: "provider", header: "Of", grow: true, cell: ({ provider }) => provider ?? "All other providers" },
  {
    id: "multiplier",
    header: "Times",
    align: "right",
    cell: ({ multiplier }) => (
      <>
        {multiplier}
        <span className={styles.second}>{multiplierText(multiplier)}</span>
      </>
    ),
  },
  { id: "from", header: "Since", wideOnly: true, cell: ({ effectiveFrom }) => instantUTC(effectiveFrom) },
  {
    id: "to",
    header: "Until",
    wideOnly: true,
    cell: ({ effectiveTo }) => (effectiveTo ? instantUTC(effectiveTo) : <None label="no end is known" />),
  },
  ...(onSet
    ? [
        {
          id: "actions",
          header: "Actions",
          headerHidden: true,
          align: "right",
          cell: ({ provider, multiplier }) => (
            <Button
              small
              variant="quiet"
              icon="edit"
              aria-label={`Change that of ${provider ?? "all other providers"}`}
              onClick={() => onSet({ provider: provider ?? "", multiplier })}
            >
              Change
            </Button>
          ),
        } satisfies Column<Multiplier>,
      ]
    : []),
];
