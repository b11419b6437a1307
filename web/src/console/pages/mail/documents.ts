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

export const MailList = graphql(`
  query MailList($filter: AlertDeliveryFilter!, $first: Int, $after: String, $last: Int, $before: String) {
    alertDeliveries(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
      totalCount
      nodes {
        ...DeliveryFields
        purpose
        alert {
          id
          kind
          subjectId
          subject {
            __typename
            id
            name
          }
        }
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
`);
