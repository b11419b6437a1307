-- tokens_made_by returns the access tokens of an organization that a member made, also one who was removed: those that they created
-- themselves, and those that such tokens created, if no other member used them. Revoked and expired ones are among them, because
-- they may have created others.
create or replace function tokens_made_by(p_organization_id uuid, p_member_id uuid) returns setof uuid
language sql stable
as $$
  with recursive made (id) as (
    select t.id from access_tokens t where t.organization_id = p_organization_id and t.created_by_id = p_member_id
    union
    select t.id from made m
    join access_tokens t on t.organization_id = p_organization_id and t.created_by_token_id = m.id and t.created_by_id is null
  )
  select m.id from made m
$$;
