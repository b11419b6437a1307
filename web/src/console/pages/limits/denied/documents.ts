import { graphql } from "../../../gql";

export const LimitDenialsQuery = graphql(`
  query LimitDenials($limitIds: [ID!]!, $from: Time!) {
    limitDenials(limitIds: $limitIds, from: $from) { hour limitId shadow count }
  }
`);
