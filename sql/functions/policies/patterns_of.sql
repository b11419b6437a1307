-- patterns_of returns values of a condition as patterns of the operator LIKE. An asterisk at the end of a value stands for any text, all else
-- for itself. Models and providers are compared in lower case, as prices are.
create or replace function patterns_of(p_attribute text, p_values text[]) returns text[]
language sql stable parallel safe
as $$
  select array(
    select case when v.value like '%*' then left(e.escaped, -1) || '%' else e.escaped end
    from unnest(p_values) with ordinality v (value, index)
    cross join lateral (
      select replace(replace(replace(case when p_attribute in ('model', 'provider') then lower(v.value) else v.value end,
        '\', '\\'), '%', '\%'), '_', '\_') as escaped) e
    order by v.index)
$$;

-- keep_patterns is the trigger that computes the patterns of a condition.
create or replace function keep_patterns() returns trigger
language plpgsql
as $$
begin
  new.allowed_patterns := patterns_of(new.attribute, new.allowed);
  new.refused_patterns := patterns_of(new.attribute, new.refused);
  return new;
end
$$;

create or replace trigger policy_conditions_patterns before insert or update on policy_conditions
  for each row execute function keep_patterns();
