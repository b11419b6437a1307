-- import_start returns from when on an imported price is made that began before now. One that is still in effect: from now on when there is a price
-- now, else from its own beginning or the end of the last price before. One that is over: from its own beginning when there was no
-- price in its time, else null: what there is stays.
create or replace function import_start(
  p_organization_id uuid, p_provider text, p_model text, p_is_prefix boolean, p_effective_from timestamptz, p_effective_to timestamptz,
  p_now timestamptz)
returns timestamptz
language plpgsql stable
as $$
declare
  over constant boolean := coalesce(p_effective_to <= p_now, false);
  last_end timestamptz;
begin
  -- those of its time up to now
  select max(coalesce(p.effective_to, 'infinity')) into last_end from prices p
  where p.organization_id is not distinct from p_organization_id and p.provider = p_provider and p.model = p_model and p.is_prefix = p_is_prefix
    and p.effective_from <= p_now and (p.effective_to is null or p.effective_to > greatest(p.effective_from, p_effective_from))
    and (not over or p.effective_from < p_effective_to);
  return case
    when last_end is null then p_effective_from
    when over then null
    when last_end > p_now then p_now
    else last_end
  end;
end
$$;
