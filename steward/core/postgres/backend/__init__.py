"""Django's database backend for PostgreSQL with two dear things made cheap; named in settings as ENGINE."""
