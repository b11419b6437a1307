-- list_valid_callers returns which of a number of callers may still call as they did, by their indexes from 1: whose access token is valid (an
-- id of zeros: they have none), and whose member has the same role (an id of zeros: they are none). Who has no token has signed in.
create or replace function list_valid_callers(
  p_organization_ids uuid[], p_token_ids uuid[], p_member_ids uuid[], p_member_roles text[])
returns setof integer
language sql stable
as $$
  select c.index::integer
  from unnest(p_organization_ids, p_token_ids, p_member_ids, p_member_roles)
    with ordinality c (organization_id, token_id, member_id, member_role, index)
  left join visible_access_tokens t on t.organization_id = c.organization_id and t.id = c.token_id
    and t.revoked_at is null and (t.expires_at is null or t.expires_at > clock_timestamp())
  left join members m on m.organization_id = c.organization_id and m.id = c.member_id and m.role::text = c.member_role
    and (t.id is not null or m.status = 'ACTIVE')
  where (c.token_id = '00000000-0000-0000-0000-000000000000' or t.id is not null)
    and (c.member_id = '00000000-0000-0000-0000-000000000000' or m.id is not null)
$$;
