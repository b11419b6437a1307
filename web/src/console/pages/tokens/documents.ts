import { graphql } from "../../gql";

export const TokenFields = graphql(`
  fragment TokenFields on AccessToken {
    id
    name
    role
    prefix
    acceptsKeyIds
    member {
      id
      email
      name
      role
      removedAt
    }
    createdBy {
      id
      email
      name
      removedAt
    }
    createdAt
    expiresAt
    revokedAt
  }
`);

export const TokensPage = graphql(`
  query TokensPage($organization: ID!, $first: Int, $after: String, $last: Int, $before: String) {
    node(id: $organization) {
      __typename
      ... on Organization {
        id
        accessTokens(first: $first, after: $after, last: $last, before: $before) {
          totalCount
          nodes {
            ...TokenFields
          }
          pageInfo {
            hasNextPage
            hasPreviousPage
            startCursor
            endCursor
          }
        }
      }
    }
  }
`);

export const CreateAccessToken = graphql(`
  mutation CreateAccessToken($input: CreateAccessTokenInput!) {
    createAccessToken(input: $input) {
      secret
      replayed
      message
      accessToken {
        ...TokenFields
      }
    }
  }
`);

export const RevokeAccessToken = graphql(`
  mutation RevokeAccessToken($input: RevokeAccessTokenInput!) {
    revokeAccessToken(input: $input) {
      accessToken {
        ...TokenFields
      }
    }
  }
`);
