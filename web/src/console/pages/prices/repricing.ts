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
