-- audit_changes returns what an entry of an update keeps of a row in the audit log's form, before or after; p_other is the other one.
-- Short values are kept, changed or not: they say what the row is. What may be long is kept when it has changed: of an object, such as
-- metadata, the keys whose values differ or that the other one has not, and a text or a list of more than 256 characters when it differs.
--
-- In PL/pgSQL, as audit_json is.
create or replace function audit_changes(p_row jsonb, p_other jsonb) returns jsonb
language plpgsql immutable parallel safe
as $$
begin
  return (
    select jsonb_object_agg(c.name, case
      when jsonb_typeof(c.value) = 'object' and jsonb_typeof(p_other -> c.name) = 'object' then (
        select coalesce(jsonb_object_agg(m.key, m.value), '{}') from jsonb_each(c.value) m
        where m.value is distinct from p_other -> c.name -> m.key)
      else c.value
    end)
    from jsonb_each(p_row) c (name, value)
    where c.value is distinct from p_other -> c.name
      or (jsonb_typeof(c.value) <> 'object' and char_length(c.value #>> '{}') <= 256)
      or jsonb_typeof(c.value) = 'null');
end
$$;
