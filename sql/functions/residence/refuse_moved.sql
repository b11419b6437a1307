-- refuse_moved raises UB005 for organizations that are not HERE: this database does not decide for them now. The detail is a JSON array of their
-- ids. Nothing was changed, and the same request may be sent again.
create or replace function refuse_moved(p_organization_ids uuid[]) returns void
language plpgsql stable
as $$
begin
  raise exception 'MOVED: this database does not decide for %', array_to_string(p_organization_ids, ', ')
    using errcode = 'UB005', table = 'organizations', column = 'residence', detail = to_jsonb(p_organization_ids)::text;
end
$$;
