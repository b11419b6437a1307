-- keep_counters is the trigger that makes a limit's counter with the limit (of a policy's: one for each group), copies each change to it, and deletes it with the
-- limit, for every statement that changes limits. match_limit refuses all other changes of the copied columns. A new amount or new
-- thresholds keep what was used; after a raised amount EXHAUSTED can be alerted again. Nor do enabled and mode change what was
-- used. A new generation starts at zero. Another
-- kind, type, period or calendar without a new generation is refused, because what was counted has another unit or time.
--
-- Runs as the owner: servers, which may change limits, may not make or delete counters nor change what they copy.
-- The trigger fires after limits_audit, by its name: the audit log has what the counter had used before the change.
create or replace function keep_counters() returns trigger
language plpgsql security definer
set search_path from current
as $$
begin
  if tg_op = 'INSERT' and new.policy_id is not null then
    perform add_group_counters(array_agg(g.organization_id), array_agg(g.policy_id), array_agg(g.id), new.id, new.generation_started_at)
    from policy_groups g where g.organization_id = new.organization_id and g.policy_id = new.policy_id;
  elsif tg_op = 'INSERT' then
    insert into counters (organization_id, limit_id, subject_id, subject_type, kind, type, period, max_units, alert_units, generation,
      calendar, period_start, period_end, unenforced)
    select new.organization_id, new.id, new.subject_id, new.subject_type, new.kind, new.type, new.period, new.max_units,
      new.alert_units, new.generation, calendar_of(new), b.period_start, b.period_end, unenforced_of(new)
    from first_period(new.period, calendar_of(new), new.generation_started_at) b;
  elsif tg_op = 'DELETE' then
    delete from counters c where c.organization_id = old.organization_id and c.limit_id = old.id;
  elsif new.generation <> old.generation then
    perform begin_generation(new);
  elsif (new.kind, new.type, new.period) <> (old.kind, old.type, old.period) or calendar_of(new) is distinct from calendar_of(old) then
    raise exception 'another kind, type, period or calendar of a limit starts a new generation: change generation as well'
      using errcode = 'check_violation', table = 'limits', constraint = 'limits_generation_check';
  else
    update counters c set
      subject_id = case when new.policy_id is null then new.subject_id else c.subject_id end,
      subject_type = new.subject_type,
      max_units = group_amount(new, c.subject_id),
      alert_units = new.alert_units,
      unenforced = unenforced_of(new),
      exhaustion_alerted = c.exhaustion_alerted and group_amount(new, c.subject_id) <= c.max_units
    where c.organization_id = new.organization_id and c.limit_id = new.id;
  end if;
  return null;
end
$$;

create or replace trigger limits_counters after insert or update or delete on limits
  for each row execute function keep_counters();
