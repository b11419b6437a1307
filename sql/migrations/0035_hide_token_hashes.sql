-- +goose Up

-- Access tokens without their hashes, which servers may not read. A further column of access_tokens goes at the end here, too, and into
-- find_access_token.
create view visible_access_tokens with (security_invoker = true) as
  select t.organization_id, t.id, t.member_id, t.name, t.role, t.prefix, t.created_at, t.expires_at, t.revoked_at,
    t.accepts_key_ids
  from access_tokens t;
