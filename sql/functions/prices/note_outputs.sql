-- note_outputs keeps what the last 1,000 calls of each API key and model wrote, and its 99th percentile, of ledger rows of an organization
-- after one position and up to another: of keys that have the policy PERCENTILE alone. Rows of several requests count once, by their
-- average.
create or replace function note_outputs(p_organization_id uuid, p_after bigint, p_last bigint) returns void
language plpgsql volatile
as $$
begin
  if not exists (select from estimate_rules e where e.organization_id = p_organization_id and e.policy = 'PERCENTILE') then
    return;
  end if;
  insert into recent_outputs as o (organization_id, api_key_id, model, tokens, percentile)
  select p_organization_id, n.api_key_id, n.model, n.tokens, percentile_of(n.tokens)
  from (
    select e.api_key_id, lower(e.model collate "C") as model, (array_agg(e.output_tokens / greatest(e.requests, 1) order by e.position desc))[1:1000] as tokens
    from usage_events e
    join lateral (
      select p.policy from estimate_rules p
      where p.organization_id = p_organization_id and (p.api_key_id = e.api_key_id or p.api_key_id is null)
      order by p.api_key_id limit 1) p on p.policy = 'PERCENTILE'
    where e.organization_id = p_organization_id and e.position > p_after and e.position <= p_last and e.model <> '' and e.corrects is null
    group by 1, 2) n
  on conflict on constraint recent_outputs_pkey do update set
    tokens = (excluded.tokens || o.tokens)[1:1000], percentile = percentile_of((excluded.tokens || o.tokens)[1:1000]);
end
$$;
