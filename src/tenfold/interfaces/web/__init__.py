"""Web: the pages and the HTTP interface belong here."""
