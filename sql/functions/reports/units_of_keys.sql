-- units_of_keys returns what API keys of an organization have used in the days of a time, by key and workspace, of one of its workspaces (null: of
-- all), in the measure of an order. It reads the time at once, which takes half as long as day by day, and is planned for the very time: of a large
-- one, whole pages are read.
create or replace function units_of_keys(
  p_organization_id uuid, p_workspace_id uuid, p_from timestamptz, p_to timestamptz, p_order usage_order)
returns table (api_key_id uuid, workspace_id uuid, units numeric)
language plpgsql stable
set plan_cache_mode = force_custom_plan
set enable_seqscan = off
as $$
begin
  return query
  select d.api_key_id, d.workspace_id,
    sum(case p_order when 'COST' then d.cost_nanos when 'TOKENS' then d.input_tokens + d.output_tokens else d.requests end)
  from usage_key_days d
  where d.organization_id = p_organization_id and d.bucket_start >= p_from and d.bucket_start < p_to
    and (p_workspace_id is null or d.workspace_id = p_workspace_id)
  group by d.api_key_id, d.workspace_id;
end
$$;
