-- keys_created_by returns the ids of the API keys of an organization that a member created, of the given ones (null: of all); without a member the
-- given ones themselves.
create or replace function keys_created_by(p_organization_id uuid, p_member_id uuid, p_api_key_ids uuid[]) returns uuid[]
language sql stable
as $$
  select case
    when p_member_id is null then p_api_key_ids
    else array(
      select k.id from api_keys k
      where k.organization_id = p_organization_id and k.created_by_id = p_member_id
        and (p_api_key_ids is null or k.id = any (p_api_key_ids)))
  end
$$;
