import { graphql } from "../../gql";

export const WorkspaceFields = graphql(`
  fragment WorkspaceFields on Workspace {
    id
    name
    slug
    version
    createdAt
    updatedAt
    deletedAt
  }
`);

export const WorkspacesPage = graphql(`
  query WorkspacesPage($organization: ID!, $first: Int, $after: String, $last: Int, $before: String) {
    node(id: $organization) {
      __typename
      ... on Organization {
        id
        workspaces(first: $first, after: $after, last: $last, before: $before) {
          totalCount
          nodes {
            ...WorkspaceFields
            budgetLimits {
              id
              type
              amount
              used
              reserved
              remaining
              periodicReset
              periodEnd
              exhausted
            }
            rateLimits {
              id
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
    }
  }
`);

/** What each workspace spent; apart from the list, so that the list does not wait for it. */
export const WorkspaceSpend = graphql(`
  query WorkspaceSpend($filter: UsageFilter!) {
    usage(filter: $filter, interval: MONTH, groupBy: [WORKSPACE], top: 100, orderBy: COST) {
      series {
        others
        dimensions {
          dimension
          value
        }
        total {
          requests
          tokens
          cost
        }
      }
    }
  }
`);

export const CreateWorkspace = graphql(`
  mutation CreateWorkspace($input: CreateWorkspaceInput!) {
    createWorkspace(input: $input) {
      replayed
      workspace {
        ...WorkspaceFields
      }
    }
  }
`);

export const UpdateWorkspace = graphql(`
  mutation UpdateWorkspace($input: UpdateWorkspaceInput!) {
    updateWorkspace(input: $input) {
      workspace {
        ...WorkspaceFields
      }
    }
  }
`);

export const DeleteWorkspace = graphql(`
  mutation DeleteWorkspace($input: DeleteWorkspaceInput!) {
    deleteWorkspace(input: $input) {
      deletedId
    }
  }
`);

export const WorkspaceById = graphql(`
  query WorkspaceById($id: ID!) {
    node(id: $id) {
      __typename
      id
      ... on Workspace {
        ...WorkspaceFields
        ...SubjectLimits
      }
    }
  }
`);
