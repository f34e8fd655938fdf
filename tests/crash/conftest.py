from tests.databases import postgresql, postgresql_template, sqlite_template

__all__ = ["postgresql", "postgresql_template", "sqlite_template"]
