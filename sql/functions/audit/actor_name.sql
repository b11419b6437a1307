-- actor_name returns how people know who is named in an audit log (see audit_actor): a member by their address, removed ones too, an access token by its
-- name; any other as it is, such as operator. Null for null.
create or replace function actor_name(p_organization_id uuid, p_actor text) returns text
language sql stable
as $$
  select coalesce(
    case when p_actor ~ '^mem_[0-9a-f]{32}$' then (
      select m.email from members m where m.organization_id = p_organization_id and m.id = substr(p_actor, 5)::uuid
      union all
      select f.email from former_members f where f.organization_id = p_organization_id and f.id = substr(p_actor, 5)::uuid
      limit 1) end,
    case when p_actor ~ '^tok_[0-9a-f]{32}$' then (
      select t.name from access_tokens t where t.organization_id = p_organization_id and t.id = substr(p_actor, 5)::uuid) end,
    p_actor)
$$;
