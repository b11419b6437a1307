import{n as e}from"./Empty-qsr1XmzY.js";e(`
  fragment KeyBudget on BudgetLimit {
    id subjectId type amount used reserved remaining exhausted alertThresholds periodicReset generation periodStart periodEnd
  }
  fragment KeyRate on RateLimit { id subjectId type limit interval used reserved remaining windowStart resetsAt }
`),e(`
  fragment KeyRow on ApiKey {
    id name prefix status enabled lastUsedAt createdAt expiresAt
    owner { __typename ... on Organization { id name } ... on Workspace { id name } }
    createdBy { id email name }
    budgetLimits { ...KeyBudget }
    rateLimits { ...KeyRate }
  }
`);var t=e(`
  query KeysTable($filter: ApiKeyFilter, $orderBy: ApiKeyOrder, $first: Int, $after: String, $last: Int, $before: String) {
    apiKeys(filter: $filter, orderBy: $orderBy, first: $first, after: $after, last: $last, before: $before) {
      totalCount
      nodes { ...KeyRow }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`),n=e(`
  query KeyOwners($organizationId: ID!) {
    node(id: $organizationId) {
      __typename
      ... on Organization {
        id name
        recipientDomains
        recipients { email source }
        workspaces(first: 100) { nodes { id name } }
      }
    }
  }
`),r=e(`
  query KeyCreators($organizationId: ID!) {
    node(id: $organizationId) {
      __typename
      ... on Organization { id members(first: 100) { nodes { id name email } } }
    }
  }
`);e(`
  fragment EditedKey on ApiKey {
    id name description prefix status enabled disabledByAdministrator version updatedAt createdAt expiresAt expiresAtMost revokedAt lastUsedAt
    metadata emailNotifications
    owner { __typename ... on Organization { id name } ... on Workspace { id name } }
    createdBy { id name email removedAt }
    recipients { email source suppressedAt suppressedReason }
    budgetLimits { ...KeyBudget }
    rateLimits { ...KeyRate }
  }
`);var i=e(`query KeyToEdit($id: ID!) { apiKey(id: $id) { ...EditedKey } }`),a=e(`
  mutation CreateKey($input: CreateApiKeyInput!) {
    createApiKey(input: $input) { secret secretPrefix replayed message apiKey { ...EditedKey } }
  }
`),o=e(`
  mutation SaveKey($input: UpdateApiKeyInput!) { updateApiKey(input: $input) { apiKey { ...EditedKey } } }
`),s=e(`
  mutation SwitchKey($input: UpdateApiKeyInput!) { updateApiKey(input: $input) { apiKey { id enabled disabledByAdministrator status version updatedAt } } }
`),c=e(`
  mutation RotateKey($input: RotateApiKeyInput!) {
    rotateApiKey(input: $input) { secret secretPrefix transitionEndsAt replayed message apiKey { id prefix } }
  }
`),l=e(`
  mutation RevokeKey($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { apiKey { id status revokedAt enabled } } }
`),u=e(`
  mutation ReleaseHolds($input: ReleaseReservationsInput!) {
    releaseReservations(input: $input) {
      apiKey { id status budgetLimits { ...KeyBudget } rateLimits { ...KeyRate } }
      released { reservations tokens cost remaining }
    }
  }
`),d=e(`
  mutation ReleaseHold($input: ReleaseReservationInput!) { releaseReservation(input: $input) { reservation { id status } } }
`),f=e(`
  mutation ResetKeyBudget($input: ResetBudgetLimitInput!) { resetBudgetLimit(input: $input) { budgetLimit { ...KeyBudget } } }
`),p=e(`
  query KeyPeriods($id: ID!) {
    node(id: $id) {
      __typename
      ... on BudgetLimit {
        id type amount used reserved periodicReset
        periods(first: 24) { edges { node { generation periodStart periodEnd amount used closedAt } } }
      }
    }
  }
`),m=e(`
  query KeyHolds($filter: ReservationFilter!, $first: Int, $after: String, $last: Int, $before: String) {
    reservations(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
      totalCount
      nodes { id status requestId requests tokens cost admittedAt expiresAt }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`),h=e(`
  query KeyAlerts($filter: AlertFilter!, $first: Int, $after: String, $last: Int, $before: String) {
    alerts(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
      totalCount
      nodes {
        id kind type threshold requested reserved amount used raisedAt periodStart periodEnd
        deliveries { email status attempts lastError sentAt queuedAt }
      }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`),g=e(`
  query KeyAudit($filter: AuditFilter!, $first: Int, $after: String, $last: Int, $before: String) {
    auditLog(filter: $filter, first: $first, after: $after, last: $last, before: $before) {
      nodes { id action actor actorNode { __typename ... on Member { id email memberName: name } ... on AccessToken { id name } } before after reason at }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`),_=e(`
  query KeyCheck($input: CheckUsageInput!) {
    checkUsage(input: $input) {
      allowed httpStatus retryAfterSeconds
      denials { reason message limitId retryAt }
      limits { limitId subjectId kind type max used reserved remaining resetsAt }
    }
  }
`);export{s as _,r as a,t as c,d,u as f,o as g,c as h,a as i,n as l,l as m,g as n,m as o,f as p,_ as r,i as s,h as t,p as u};