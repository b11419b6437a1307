-- rotate_webhook_secret gives a webhook another secret. What is sent in the next p_overlap is signed with the ones before as well, so that the receiver can
-- change over without missing anything; zero: they end at once. A rotation during another one ends none of them, but for more than four: one whose
-- answer was lost, and that is repeated, must not end the secret in use. Returns the webhook's id, nothing where there is none. Runs as the owner:
-- servers may not read secrets.
create or replace function rotate_webhook_secret(p_organization_id uuid, p_id uuid, p_secret bytea, p_overlap interval) returns setof uuid
language plpgsql volatile security definer
set search_path from current
as $$
declare
  rotated_at timestamptz;
begin
  if not acts_for_organization(p_organization_id) then
    return;
  end if;
  perform lock_organizations(array[p_organization_id]);
  rotated_at := clock_timestamp();
  return query
    update webhooks w set
      secret = p_secret,
      previous_secrets = case when p_overlap > '0'
        then (w.secret || case when w.previous_secrets_end_at > rotated_at then w.previous_secrets else '{}' end)[:4] else '{}' end,
      previous_secrets_end_at = case when p_overlap > '0' then greatest(rotated_at + p_overlap, w.previous_secrets_end_at) end
    where w.organization_id = p_organization_id and w.id = p_id
    returning w.id;
end
$$;
