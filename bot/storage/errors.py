"""What can be wrong with the database, each as the sentence that a person reads."""

from bot.unit import StorageFault
from school.words import Text


class HomeInUseError(StorageFault):
    """A second process on one SQLite."""

    text = Text(
        "Another Lollipop is already running on {home}. Stop that one first, or use PostgreSQL to run several: "
        "set LOLLIPOP_DATABASE_URL.",
    )


class HomeUnusableError(StorageFault):
    """A home folder that cannot be made or written to."""

    text = Text(
        "Lollipop can't write to its folder {home}. Check who may write there and that it is a folder, or choose "
        "another: set LOLLIPOP_HOME.",
    )


class DatabaseLockedError(StorageFault):
    """Something else held the database for longer than we wait."""

    text = Text("The database is busy with something else. Please try again in a moment; nothing was changed.")


class DiskFullError(StorageFault):
    """No room left to write."""

    text = Text("The disk that holds the database is full, so nothing was saved. Free some space and try again.")


class DatabaseUnreachableError(StorageFault):
    """No file or no server where LOLLIPOP_DATABASE_URL says."""

    text = Text(
        "The database can't be reached. Check LOLLIPOP_DATABASE_URL, that the server is running, and that its folder "
        "can be written to.",
    )


class NotADatabaseError(StorageFault):
    """A file that is no database, or one that is damaged."""

    text = Text(
        "The database file is damaged, or is no database at all. It was left as it is. Move it to a safe place, then "
        "bring back your newest backup with: lollipop restore FILE",
    )


class SchemaTooOldError(StorageFault):
    """The database is of an earlier version than this code."""

    text = Text("The database is of an older version than this Lollipop. Make a backup, then run: lollipop db upgrade")


class NoTablesYetError(SchemaTooOldError):
    """A database in which nothing was made yet."""

    text = Text("The database has no tables yet. Make them with: lollipop db upgrade")


class SchemaTooNewError(StorageFault):
    """The database was upgraded by a later version than this code."""

    text = Text(
        "The database is of a newer version than this Lollipop. Install the newer Lollipop; or, with that one still "
        "installed, go back with: lollipop db downgrade REV (its `lollipop db upgrade` brought it here).",
    )
