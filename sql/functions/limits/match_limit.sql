-- match_limit is the trigger that raises counters_limit_check when a counter would differ from its limit: its copied columns are
-- changed with the limit alone, and it is deleted with the limit alone, or with the policy's group that it is of. Statements of enforcement do not name these columns, so
-- that the trigger does not fire for them.
create or replace function match_limit() returns trigger
language plpgsql
as $$
begin
  if tg_op in ('INSERT', 'UPDATE') and not exists (
      select from limits l
      where l.organization_id = new.organization_id and l.id = new.limit_id
        and (l.subject_type, l.kind, l.type, l.period, l.alert_units, l.generation)
          = (new.subject_type, new.kind, new.type, new.period, new.alert_units, new.generation)
        and case
          when l.policy_id is null then (l.subject_id, l.max_units) = (new.subject_id, new.max_units)
          else group_amount(l, new.subject_id) = new.max_units and exists (
            select from policy_groups g
            where g.organization_id = new.organization_id and g.id = new.subject_id and g.policy_id = l.policy_id) end
        and calendar_of(l) is not distinct from new.calendar
        and unenforced_of(l) is not distinct from new.unenforced)
    or tg_op in ('UPDATE', 'DELETE') and exists (
      select from limits l
      where l.organization_id = old.organization_id and l.id = old.limit_id and not exists (
        select from counters c where c.organization_id = l.organization_id and c.limit_id = l.id
          and (l.policy_id is null or c.subject_id = old.subject_id))
        and (l.policy_id is null or exists (
          select from policy_groups g where g.organization_id = l.organization_id and g.id = old.subject_id)))
    or tg_op = 'TRUNCATE' then
    raise exception 'counters are made, changed and deleted with their limits'
      using errcode = 'check_violation', table = 'counters', constraint = 'counters_limit_check';
  end if;
  return null;
end
$$;

create or replace trigger counters_limit
  after insert or delete or update of organization_id, limit_id, subject_id, subject_type, kind, type, period, max_units,
    alert_units, generation, calendar, unenforced on counters
  for each row execute function match_limit();
create or replace trigger counters_no_truncate before truncate on counters
  for each statement execute function match_limit();
