"""The embedded PostgreSQL server: found, closed, started, shared and stopped here.

Imports only the standard library, psycopg and `core.errors`.
"""

from steward.core.postgres.server import Server

__all__ = ["Server"]
