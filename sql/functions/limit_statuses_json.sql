-- limit_statuses_json returns the limits of the given subjects as they stand at an instant, as a JSON array, widest
-- subject first.
create or replace function limit_statuses_json(p_organization_id uuid, p_subject_ids uuid[], p_now timestamptz) returns jsonb
language sql stable
as $$
  select coalesce(jsonb_agg(s order by s.subject_type, s.kind, s.id), '[]')
  from limit_statuses_at(p_now) s
  where s.organization_id = p_organization_id and s.subject_id = any (p_subject_ids)
$$;
