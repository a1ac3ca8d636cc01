"""Where people stand in a sheet: header rows, columns, and what each row is."""
