import { graphql } from "../../gql";

export const AlertFields = graphql(`
  fragment AlertFields on Alert {
    id
    kind
    type
    threshold
    requested
    reserved
    amount
    used
    generation
    periodStart
    periodEnd
    raisedAt
    subjectId
    subject {
      __typename
      id
      name
    }
    budgetLimit {
      id
      periodicReset
    }
    deliveries {
      ...DeliveryFields
    }
    resetDeliveries {
      ...DeliveryFields
    }
  }
`);

export const DeliveryFields = graphql(`
  fragment DeliveryFields on AlertDelivery {
    email
    status
    attempts
    lastError
    providerId
    queuedAt
    firstAttemptAt
    nextAttemptAt
    sentAt
  }
`);

export const AlertsPage = graphql(`
  query AlertsPage($filter: AlertFilter, $first: Int, $after: String, $last: Int, $before: String) {
    alerts(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
      totalCount
      nodes {
        ...AlertFields
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

export const AlertById = graphql(`
  query AlertById($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Alert {
        ...AlertFields
        subject {
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
  }
`);

export const ResendAlert = graphql(`
  mutation ResendAlert($input: ResendAlertInput!) {
    resendAlert(input: $input) {
      queued
      alert {
        ...AlertFields
      }
    }
  }
`);
