import{n as e}from"./Empty-qsr1XmzY.js";e(`
  fragment MemberFields on Member {
    id
    email
    name
    role
    status
    createdAt
    removedAt
  }
`);var t=e(`
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
`),n=e(`
  mutation AddMember($input: AddMemberInput!) {
    addMember(input: $input) {
      member {
        ...MemberFields
      }
    }
  }
`),r=e(`
  mutation UpdateMember($input: UpdateMemberInput!) {
    updateMember(input: $input) {
      member {
        ...MemberFields
      }
    }
  }
`);e(`
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
`);var i=e(`
  query MemberCredentials($id: ID!) {
    memberCredentials(id: $id) {
      ...CredentialFields
    }
  }
`),a=e(`
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
`),o=e(`
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
`),s=e(`
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
`),c=e(`
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
`),l=e(`
  mutation DeclineMembership($input: DeclineMembershipInput!) {
    declineMembership(input: $input) {
      organizationId
    }
  }
`),u=e(`
  mutation LeaveOrganization($input: LeaveOrganizationInput!) {
    leaveOrganization(input: $input) {
      organizationId
    }
  }
`),d={MEMBER:{name:`Member`,may:`Sees the organization, and creates and manages API keys of their own.`},ADMIN:{name:`Admin`,may:`Manages everything but the organization's owners.`},OWNER:{name:`Owner`,may:`Manages everything, owners included.`}},f={GATEWAY:{name:`Gateway`,may:`Checks, reserves and records usage, and nothing else.`},VIEWER:{name:`Viewer`,may:`Reads everything, changes nothing.`},ADMIN:{name:`Admin`,may:`Manages everything but the organization's owners.`},OWNER:{name:`Owner`,may:`May as much as the member whom it is bound to.`}};export{l as a,t as c,o as d,r as f,n as i,a as l,f as n,u as o,c as r,i as s,d as t,s as u};