-- default_quota returns the quota of an organization for which the operator has set none.
create or replace function default_quota(p_name quota_name) returns integer
language sql immutable parallel safe
as $$
  select case p_name
    when 'MEMBERS' then 1000
    when 'ADMINISTRATORS' then 50
    when 'WORKSPACES' then 1000
    when 'API_KEYS' then 10000
    when 'ACCESS_TOKENS' then 1000
    when 'LIMITS_PER_SUBJECT' then 50
    when 'RECIPIENTS_PER_SUBJECT' then 100
    when 'MAILS_PER_HOUR' then 1000
    when 'WEBHOOKS' then 20
    when 'POLICIES' then 50
  end
$$;
