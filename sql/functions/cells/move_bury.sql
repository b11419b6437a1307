-- move_bury leaves of an organization that has LEFT the row alone that says so: whoever asks for it here is refused (see lock_organizations) and looks for it
-- elsewhere. Its name and addresses are not kept, and its slug is free. Its caller has deleted all other rows.
create or replace function move_bury(p_organization_id uuid) returns void
language sql volatile
as $$
  update organizations o set name = 'moved', slug = 'moved-' || replace(o.id::text, '-', ''), member_domains = '{}', recipient_domains = '{}', updated_by = null
  where o.id = p_organization_id and o.residence = 'LEFT'
$$;
