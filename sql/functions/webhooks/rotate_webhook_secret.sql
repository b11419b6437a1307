-- rotate_webhook_secret gives a webhook another secret. What is sent in the next p_overlap is signed with both, so that the receiver can change over
-- without missing anything; zero: the old one ends at once. Returns the webhook's id, nothing where there is none. Runs as the owner:
-- servers may not read secrets.
create or replace function rotate_webhook_secret(p_organization_id uuid, p_id uuid, p_secret bytea, p_overlap interval) returns setof uuid
language plpgsql volatile security definer
set search_path from current
as $$
begin
  if not acts_for_organization(p_organization_id) then
    return;
  end if;
  perform lock_organizations(array[p_organization_id]);
  return query
    update webhooks w set
      secret = p_secret,
      previous_secret = case when p_overlap > '0' then w.secret end,
      previous_secret_ends_at = case when p_overlap > '0' then clock_timestamp() + p_overlap end
    where w.organization_id = p_organization_id and w.id = p_id
    returning w.id;
end
$$;
