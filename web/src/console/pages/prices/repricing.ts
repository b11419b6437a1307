import { graphql } from "../../gql";

export const RepricingFields = graphql(`
  fragment RepricingFields on Repricing {
    id
    model
    from
    to
    state
    percent
    events
    corrections
    difference
    requestedAt
    actor
    actorNode {
      __typename
      ... on Member {
        id
        email
        memberName: name
      }
      ... on AccessToken {
        id
        name
      }
    }
    finishedAt
  }
`);

export const RepriceUsage = graphql(`
  mutation RepriceUsage($input: RepriceUsageInput!) {
    repriceUsage(input: $input) {
      repricing {
        ...RepricingFields
      }
    }
  }
`);

/** The latest repricings of an organization. */
export const Repricings = graphql(`
  query Repricings($filter: RepricingFilter, $first: Int) {
    repricings(filter: $filter, first: $first) {
      totalCount
      nodes {
        ...RepricingFields
      }
    }
  }
`);

export const RepricingById = graphql(`
  query RepricingById($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Repricing {
        ...RepricingFields
      }
    }
  }
`);
