-- move_count counts an organization that has come or gone, in the transaction that does it (see cell_identity.moves).
create or replace function move_count() returns void
language sql volatile
as $$
  update cell_identity i set moves = i.moves + 1
$$;
