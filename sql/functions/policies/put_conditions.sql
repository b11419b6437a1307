-- put_conditions makes the conditions of a policy be the given ones: a JSON array of objects with attribute, allowed and refused. Returns
-- whether they were others. Raises policy_conditions_values_exist for an API key or a workspace that the organization does not have.
create or replace function put_conditions(p_organization_id uuid, p_policy_id uuid, p_conditions jsonb) returns boolean
language plpgsql volatile
as $$
declare
  unknown text;
  before constant jsonb := (
    select coalesce(jsonb_agg(jsonb_build_object('attribute', c.attribute, 'allowed', c.allowed, 'refused', c.refused) order by c.position), '[]')
    from policy_conditions c where c.organization_id = p_organization_id and c.policy_id = p_policy_id);
begin
  if p_conditions is null or p_conditions = before then
    return false;
  end if;
  select v.value into unknown
  from jsonb_to_recordset(p_conditions) c (attribute text, allowed text[], refused text[])
  cross join lateral unnest(c.allowed || c.refused) v (value)
  where c.attribute in ('apiKey', 'workspace') and v.value <> '*'
    and not exists (select from api_keys k where k.organization_id = p_organization_id and c.attribute = 'apiKey' and external_id('key', k.id) = v.value)
    and not exists (
      select from workspaces w
      where w.organization_id = p_organization_id and c.attribute = 'workspace' and external_id('ws', w.id) = v.value and w.deleted_at is null)
  limit 1;
  if unknown is not null then
    raise exception 'the organization has no %', unknown
      using errcode = 'foreign_key_violation', table = 'policy_conditions', constraint = 'policy_conditions_values_exist';
  end if;
  delete from policy_conditions c where c.organization_id = p_organization_id and c.policy_id = p_policy_id;
  insert into policy_conditions (organization_id, policy_id, position, attribute, allowed, refused)
  select p_organization_id, p_policy_id, o.index, c.attribute, c.allowed, c.refused
  from jsonb_array_elements(p_conditions) with ordinality o (condition, index)
  cross join lateral jsonb_to_record(o.condition) c (attribute text, allowed text[], refused text[])
  order by o.index;
  return true;
end
$$;
