-- roll_subjects rolls the counters of the given keys, their workspaces and organizations whose period is over (see is_over). At
-- each index the arrays have a key, its organization and its workspace (or null). Its caller holds the organizations' locks.
create or replace function roll_subjects(p_organization_ids uuid[], p_workspace_ids uuid[], p_api_key_ids uuid[], p_now timestamptz)
returns void
language plpgsql volatile
as $$
declare
  organization uuid;
begin
  for organization in
    select distinct c.organization_id
    from unnest(p_organization_ids, p_workspace_ids, p_api_key_ids) q (organization_id, workspace_id, api_key_id)
    join counters c on c.organization_id = q.organization_id
      and c.subject_id = any (array[q.organization_id, q.workspace_id, q.api_key_id])
    where is_over(c.kind, c.period_start, c.period_end, p_now)
  loop
    perform roll_counters(organization, array[organization] || p_workspace_ids || p_api_key_ids, p_now);
  end loop;
end
$$;
