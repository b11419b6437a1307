import{n as e}from"./Empty-qsr1XmzY.js";import{t}from"./format-DCUDMR17.js";var n={THRESHOLD:`Threshold`,EXHAUSTED:`Exhausted`,REFUSED:`Refused`},r={THRESHOLD:`warning`,EXHAUSTED:`danger`,REFUSED:`warning`},i={QUEUED:`Queued`,SENT:`Sent`,DELIVERED:`Delivered`,BOUNCED:`Bounced`,COMPLAINED:`Complained`,FAILED:`Failed`},a={QUEUED:`neutral`,SENT:`good`,DELIVERED:`good`,BOUNCED:`danger`,COMPLAINED:`danger`,FAILED:`danger`};function o(e){let n=n=>t(n,e.type);switch(e.kind){case`THRESHOLD`:return`${n(e.used)} of ${n(e.amount)} used: the threshold of ${n(e.threshold??`0`)} is reached.`;case`EXHAUSTED`:return`${n(e.used)} of ${n(e.amount)} used: requests are denied.`;case`REFUSED`:return`A request for ${n(e.requested??`0`)} was denied: of ${n(e.amount)}, ${n(e.used)} is used and ${n(e.reserved??`0`)} held.`}}function s(e){let t=(...t)=>e.filter(({status:e})=>t.includes(e)).length,[n,r,i]=[t(`FAILED`,`BOUNCED`,`COMPLAINED`),t(`QUEUED`),t(`SENT`,`DELIVERED`)];return e.length===0?{tone:`neutral`,text:`No mail`}:n>0?{tone:`danger`,text:i+r===0?`${n} failed`:`${n} of ${e.length} failed`}:r>0?{tone:`neutral`,text:`${r} queued`}:{tone:`good`,text:i===1?`1 sent`:`${i} sent`}}e(`
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
`),e(`
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
`);var c=e(`
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
`),l=e(`
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
`),u=e(`
  mutation ResendAlert($input: ResendAlertInput!) {
    resendAlert(input: $input) {
      queued
      alert {
        ...AlertFields
      }
    }
  }
`);export{i as a,r as c,s as i,o as l,c as n,a as o,u as r,n as s,l as t};