import { Link } from "@tanstack/react-router";

/** Something with a page of its own, as a query with `__typename id name` has it. */
export interface Thing {
  __typename?: string;
  id: string;
  name?: string | null;
}

/** The address of a thing's page; undefined for things that have none. */
export function addressOf({ __typename, id }: Thing): string | undefined {
  switch (__typename) {
    case "ApiKey":
      return `/keys/${id}`;
    case "Workspace":
      return `/workspaces/${id}`;
    case "Organization":
      return "/organization";
    case "Member":
      return "/members";
    case "AccessToken":
      return "/access-tokens";
    default:
      return undefined;
  }
}

/** The name of a thing, as a link to its page; its id where it has no name. */
export function ThingLink({ thing }: { thing: Thing }) {
  const address = addressOf(thing);
  const name = thing.name || thing.id;
  return address === undefined ? <>{name}</> : <Link to={address}>{name}</Link>;
}
