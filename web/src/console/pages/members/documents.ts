import { graphql } from "../../gql";

export const MemberFields = graphql(`
  fragment MemberFields on Member {
    id
    email
    name
    role
    status
    createdAt
    removedAt
  }
`);

export const MembersPage = graphql(`
  query MembersPage($organization: ID!, $first: Int, $after: String, $last: Int, $before: String) {
    node(id: $organization) {
      __typename
      ... on Organization {
        id
        memberDomains
        members(first: $first, after: $after, last: $last, before: $before) {
          totalCount
          nodes {
            ...MemberFields
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

export const AddMember = graphql(`
  mutation AddMember($input: AddMemberInput!) {
    addMember(input: $input) {
      member {
        ...MemberFields
      }
    }
  }
`);

export const UpdateMember = graphql(`
  mutation UpdateMember($input: UpdateMemberInput!) {
    updateMember(input: $input) {
      member {
        ...MemberFields
      }
    }
  }
`);

export const CredentialFields = graphql(`
  fragment CredentialFields on Credentials {
    accessTokenCount
    accessTokens {
      id
      name
      role
      prefix
      createdAt
    }
    apiKeyCount
    apiKeys {
      id
      name
      prefix
      status
      createdAt
    }
  }
`);

export const MemberCredentials = graphql(`
  query MemberCredentials($id: ID!) {
    memberCredentials(id: $id) {
      ...CredentialFields
    }
  }
`);

/** To whom keys can be given. */
export const OtherMembers = graphql(`
  query OtherMembers($organization: ID!) {
    node(id: $organization) {
      __typename
      ... on Organization {
        id
        members(first: 100) {
          totalCount
          nodes {
            id
            email
            name
            role
            status
          }
        }
      }
    }
  }
`);

export const RemoveMember = graphql(`
  mutation RemoveMember($input: RemoveMemberInput!) {
    removeMember(input: $input) {
      member {
        ...MemberFields
      }
      remaining {
        ...CredentialFields
      }
    }
  }
`);

export const OwnInvitations = graphql(`
  query OwnInvitations {
    viewer {
      invitations {
        role
        organization {
          id
          name
          slug
        }
      }
    }
  }
`);

export const AcceptMembership = graphql(`
  mutation AcceptMembership($input: AcceptMembershipInput!) {
    acceptMembership(input: $input) {
      membership {
        role
        organization {
          id
          name
          slug
        }
      }
    }
  }
`);

export const DeclineMembership = graphql(`
  mutation DeclineMembership($input: DeclineMembershipInput!) {
    declineMembership(input: $input) {
      organizationId
    }
  }
`);

export const LeaveOrganization = graphql(`
  mutation LeaveOrganization($input: LeaveOrganizationInput!) {
    leaveOrganization(input: $input) {
      organizationId
    }
  }
`);
