"""Where rows and bytes are kept: the database, its tables, the files, backups, cleaning."""
