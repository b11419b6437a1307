import { graphql } from "../../gql";

/** Addresses of the organization's recipients that are not written to. */
export const SuppressedRecipients = graphql(`
  query SuppressedRecipients($organization: ID!) {
    node(id: $organization) {
      __typename
      ... on Organization {
        id
        recipients {
          email
          source
          suppressedAt
          suppressedReason
        }
      }
    }
  }
`);
