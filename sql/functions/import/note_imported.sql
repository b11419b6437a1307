-- note_imported keeps under which ids objects of an organization were known where they come from: a JSON array of objects with kind, external_id and
-- id. Raises imported_objects_pkey for one that was imported before.
create or replace function note_imported(p_organization_id uuid, p_source text, p_objects jsonb) returns void
language sql volatile
as $$
  insert into imported_objects (source, kind, external_id, organization_id, object_id)
  select p_source, o.kind, o.external_id, p_organization_id, o.id
  from jsonb_to_recordset(p_objects) o (kind text, external_id text, id uuid)
$$;
