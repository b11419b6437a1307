import { Link, useSearch } from "@tanstack/react-router";
import type { ReactElement } from "react";
import { useQuery } from "urql";
import { useViewer } from "../../app/viewer";
import { Empty } from "../../ui/Empty";
import { Page } from "../../ui/Page";
import { PageLoading } from "../../ui/PageLoading";
import { PriceById } from "./documents";
import { draftOf } from "./draft";
import { PriceForm } from "./PriceForm";

/** Sets a price: everybody's for the operator, else the organization's own. */
export function SetPricePage(): ReactElement {
  const { can, organization } = useViewer();
  const search = useSearch({ from: "/shell/prices/new" });
  const [{ data, fetching }] = useQuery({ query: PriceById, variables: { id: search.like ?? "" }, pause: search.like === undefined });
  const like = data?.node?.__typename === "Price" ? data.node : undefined;
  if (can.administer && search.like !== undefined && like === undefined && fetching) return <PageLoading />;
  return (
    <Page
      title="Set a price"
      trail={<Link to="/prices">Prices</Link>}
      lead={
        can.operate
          ? "It ends the price before it of the same model. What is reserved already is charged at its old price."
          : `A price of ${organization.name}’s own comes before everybody’s. What is reserved already is charged at its old price.`
      }
    >
      {can.administer ? (
        <PriceForm key={JSON.stringify(search)} initial={draftOf(search, like, can.operate)} search={search} />
      ) : (
        <Empty title="Prices are set by owners and admins">You see them all the same.</Empty>
      )}
    </Page>
  );
}
