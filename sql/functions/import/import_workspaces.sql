-- import_workspaces makes workspaces of an organization out of a JSON array of objects with id, name, slug and external_id, and keeps what they
-- were called at p_source. Raises workspaces_live_slug_key for a slug that exists, imported_objects_pkey for one that was imported before, and UB004
-- beyond the quota. The caller has locked imports. For the owner alone, as all functions of imports.
create or replace function import_workspaces(p_organization_id uuid, p_source text, p_workspaces jsonb) returns void
language plpgsql volatile
as $$
begin
  perform lock_organizations(array[p_organization_id]);
  insert into workspaces (organization_id, id, name, slug)
  select p_organization_id, w.id, w.name, w.slug
  from jsonb_to_recordset(p_workspaces) w (id uuid, name text, slug text);
  perform note_imported(p_organization_id, p_source, (
    select jsonb_agg(w.workspace || '{"kind": "WORKSPACE"}') from jsonb_array_elements(p_workspaces) w (workspace)));
end
$$;
